// SPDX-License-Identifier: MIT
#include "hw/x11/windows.h"

#include <string_view>

#include "hw/x11/printable.h"

namespace millrace::x11 {
namespace {

constexpr uint32_t most_property_words = 64 * 1024;
constexpr size_t most_ancestors = 64;

/// A reply about a window that may go at any moment; null when it went.
template <class Reply, class Cookie>
Result<Owned<Reply>> ask(Connection& connection, Cookie cookie) {
  Response response = MILLRACE_TRY(connection.wait(cookie.sequence));
  return Owned<Reply>(static_cast<Reply*>(response.reply.release()));
}

Result<xcb_atom_t> atom(Connection& connection, std::string_view name) {
  const auto reply = MILLRACE_TRY(connection.reply<xcb_intern_atom_reply_t>(
      xcb_intern_atom(connection.wire(), 1, static_cast<uint16_t>(name.size()), name.data()),
      "look up an atom"));
  return reply->atom;
}

Result<Owned<xcb_get_property_reply_t>> property(Connection& connection, xcb_window_t window,
                                                 xcb_atom_t name) {
  return ask<xcb_get_property_reply_t>(
      connection, xcb_get_property(connection.wire(), 0, window, name, XCB_GET_PROPERTY_TYPE_ANY, 0,
                                   most_property_words));
}

Result<std::string> text_property(Connection& connection, xcb_window_t window, xcb_atom_t name) {
  if (name == XCB_ATOM_NONE) return std::string();
  const auto reply = MILLRACE_TRY(property(connection, window, name));
  if (!reply || reply->format != 8) return std::string();
  const auto* const bytes = static_cast<const char*>(xcb_get_property_value(reply.get()));
  const auto size = static_cast<size_t>(xcb_get_property_value_length(reply.get()));
  return printable({bytes, size});
}

Result<std::vector<xcb_window_t>> managed_windows(Connection& connection) {
  const xcb_atom_t name = MILLRACE_TRY(atom(connection, "_NET_CLIENT_LIST"));
  if (name == XCB_ATOM_NONE) return std::vector<xcb_window_t>();
  const auto reply = MILLRACE_TRY(property(connection, connection.root(), name));
  if (!reply || reply->format != 32) return std::vector<xcb_window_t>();
  const auto* const ids = static_cast<const xcb_window_t*>(xcb_get_property_value(reply.get()));
  const auto size = static_cast<size_t>(xcb_get_property_value_length(reply.get()));
  return std::vector<xcb_window_t>(ids, ids + size / sizeof(xcb_window_t));
}

Result<std::vector<xcb_window_t>> children_of(Connection& connection, xcb_window_t window) {
  const auto reply = MILLRACE_TRY(
      ask<xcb_query_tree_reply_t>(connection, xcb_query_tree(connection.wire(), window)));
  if (!reply) return std::vector<xcb_window_t>();
  const xcb_window_t* const first = xcb_query_tree_children(reply.get());
  return std::vector<xcb_window_t>(first, first + xcb_query_tree_children_length(reply.get()));
}

Result<std::optional<WindowInfo>> describe(Connection& connection, xcb_window_t window) {
  const auto facts = MILLRACE_TRY(query_window(connection, window));
  if (!facts || facts->input_only) return std::optional<WindowInfo>();
  const auto place = MILLRACE_TRY(ask<xcb_translate_coordinates_reply_t>(
      connection, xcb_translate_coordinates(connection.wire(), window, connection.root(), 0, 0)));
  if (!place) return std::optional<WindowInfo>();
  WindowInfo info{.id = window,
                  .area = {place->dst_x, place->dst_y, facts->width, facts->height},
                  .viewable = facts->viewable};
  info.title = MILLRACE_TRY(title_of(connection, window));
  return std::optional<WindowInfo>(std::move(info));
}

}  // namespace

Result<std::optional<WindowFacts>> query_window(Connection& connection, xcb_window_t window) {
  const auto attributes_asked = xcb_get_window_attributes(connection.wire(), window);
  const auto geometry_asked = xcb_get_geometry(connection.wire(), window);
  const auto attributes =
      MILLRACE_TRY(ask<xcb_get_window_attributes_reply_t>(connection, attributes_asked));
  const auto geometry = MILLRACE_TRY(ask<xcb_get_geometry_reply_t>(connection, geometry_asked));
  if (!attributes || !geometry) return std::optional<WindowFacts>();
  return std::optional<WindowFacts>(
      WindowFacts{.visual = attributes->visual,
                  .depth = geometry->depth,
                  .input_only = attributes->_class == XCB_WINDOW_CLASS_INPUT_ONLY,
                  .viewable = attributes->map_state == XCB_MAP_STATE_VIEWABLE,
                  .width = geometry->width,
                  .height = geometry->height,
                  .border = geometry->border_width});
}

Result<std::vector<xcb_window_t>> ancestors_of(Connection& connection, xcb_window_t window) {
  std::vector<xcb_window_t> ancestors;
  while (ancestors.size() < most_ancestors) {
    const auto reply = MILLRACE_TRY(
        ask<xcb_query_tree_reply_t>(connection, xcb_query_tree(connection.wire(), window)));
    if (!reply || reply->parent == reply->root || reply->parent == XCB_WINDOW_NONE) break;
    window = reply->parent;
    ancestors.push_back(window);
  }
  return ancestors;
}

Result<std::string> title_of(Connection& connection, xcb_window_t window) {
  const xcb_atom_t name = MILLRACE_TRY(atom(connection, "_NET_WM_NAME"));
  std::string title = MILLRACE_TRY(text_property(connection, window, name));
  if (!title.empty()) return title;
  return text_property(connection, window, XCB_ATOM_WM_NAME);
}

Result<std::vector<WindowInfo>> query_windows(Connection& connection) {
  std::vector<xcb_window_t> ids = MILLRACE_TRY(managed_windows(connection));
  const bool managed = !ids.empty();
  if (!managed) ids = MILLRACE_TRY(children_of(connection, connection.root()));
  std::vector<WindowInfo> windows;
  for (const xcb_window_t id : ids) {
    std::optional<WindowInfo> info = MILLRACE_TRY(describe(connection, id));
    if (info && (managed || info->viewable)) windows.push_back(std::move(*info));
  }
  return windows;
}

}  // namespace millrace::x11
