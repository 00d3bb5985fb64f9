// SPDX-License-Identifier: MIT
#include "hw/x11/xwayland.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <xcb/randr.h>

namespace millrace::x11 {
namespace {

Result<bool> has_extension(Connection& connection, std::string_view name) {
  const auto reply = MILLRACE_TRY(connection.reply<xcb_query_extension_reply_t>(
      xcb_query_extension(connection.wire(), static_cast<uint16_t>(name.size()), name.data()),
      "look for an extension"));
  return reply->present != 0;
}

/// Those of outputs that go meanwhile are left out.
Result<std::vector<std::string>> output_names(Connection& connection) {
  std::vector<std::string> names;
  const auto asked = xcb_randr_get_screen_resources_current(connection.wire(), connection.root());
  const Response found = MILLRACE_TRY(connection.wait(asked.sequence));
  const auto* const resources =
      static_cast<const xcb_randr_get_screen_resources_current_reply_t*>(found.reply.get());
  if (!resources) return names;
  const xcb_randr_output_t* const outputs =
      xcb_randr_get_screen_resources_current_outputs(resources);
  const int count = xcb_randr_get_screen_resources_current_outputs_length(resources);
  for (const xcb_randr_output_t output : std::span(outputs, static_cast<size_t>(count))) {
    const auto info = xcb_randr_get_output_info(connection.wire(), output, XCB_CURRENT_TIME);
    const Response response = MILLRACE_TRY(connection.wait(info.sequence));
    const auto* const reply =
        static_cast<const xcb_randr_get_output_info_reply_t*>(response.reply.get());
    if (!reply) continue;
    const auto* const name = reinterpret_cast<const char*>(xcb_randr_get_output_info_name(reply));
    names.emplace_back(name, static_cast<size_t>(xcb_randr_get_output_info_name_length(reply)));
  }
  return names;
}

}  // namespace

bool are_xwayland_outputs(std::span<const std::string> names) {
  return std::ranges::any_of(names,
                             [](const std::string& name) { return name.starts_with("XWAYLAND"); });
}

Result<bool> is_xwayland(Connection& connection) {
  // What libxcb asks about RandR by itself is answered with the first reply: nothing waits for it.
  xcb_prefetch_extension_data(connection.wire(), &xcb_randr_id);
  const bool says_so = MILLRACE_TRY(has_extension(connection, "XWAYLAND"));
  if (says_so) return true;
  const bool has_outputs = MILLRACE_TRY(has_extension(connection, "RANDR"));
  if (!has_outputs) return false;
  const std::vector<std::string> names = MILLRACE_TRY(output_names(connection));
  return are_xwayland_outputs(names);
}

}  // namespace millrace::x11
