// SPDX-License-Identifier: MIT
#include "hw/x11/monitors.h"

#include <algorithm>

#include <fmt/format.h>
#include <xcb/randr.h>

#include "hw/x11/printable.h"

namespace millrace::x11 {
namespace {

Result<std::string> atom_name(Connection& connection, xcb_atom_t atom) {
  const auto reply = MILLRACE_TRY(connection.reply<xcb_get_atom_name_reply_t>(
      xcb_get_atom_name(connection.wire(), atom), "read a monitor's name"));
  const int length = xcb_get_atom_name_name_length(reply.get());
  return printable({xcb_get_atom_name_name(reply.get()), static_cast<size_t>(length)});
}

std::string names_of(const std::vector<MonitorInfo>& monitors) {
  std::string names;
  for (const MonitorInfo& monitor : monitors) {
    names += (names.empty() ? "" : ", ") + monitor.name;
  }
  return names;
}

}  // namespace

Result<std::vector<MonitorInfo>> query_monitors(Connection& connection) {
  const auto reply = MILLRACE_TRY(connection.reply<xcb_randr_get_monitors_reply_t>(
      xcb_randr_get_monitors(connection.wire(), connection.root(), 1), "list the monitors"));
  std::vector<MonitorInfo> monitors;
  for (auto at = xcb_randr_get_monitors_monitors_iterator(reply.get()); at.rem > 0;
       xcb_randr_monitor_info_next(&at)) {
    const xcb_randr_monitor_info_t& info = *at.data;
    MonitorInfo monitor{.area = {info.x, info.y, info.width, info.height},
                        .primary = info.primary != 0};
    monitor.name = MILLRACE_TRY(atom_name(connection, info.name));
    monitors.push_back(std::move(monitor));
  }
  return monitors;
}

Result<MonitorInfo> find_monitor(Connection& connection, const std::string& name) {
  const std::vector<MonitorInfo> monitors = MILLRACE_TRY(query_monitors(connection));
  const auto found = std::ranges::find(monitors, printable(name), &MonitorInfo::name);
  if (found != monitors.end()) return *found;
  return fail(ErrorKind::unavailable,
              fmt::format("capture the monitor '{}' of {}: there is no such monitor",
                          printable(name), connection.name()),
              monitors.empty() ? "RandR lists no monitor: use x11: for the whole screen."
                               : "Its monitors are: " + names_of(monitors) + ".");
}

}  // namespace millrace::x11
