// SPDX-License-Identifier: MIT
#include "hw/x11/window_view.h"

#include <thread>
#include <utility>

#include <fmt/format.h>
#include <xcb/composite.h>

#include "hw/x11/area.h"

namespace millrace::x11 {
namespace {

constexpr uint32_t structure = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
constexpr std::chrono::milliseconds time_to_redraw{200};
constexpr auto hidden_or_shown = "hidden or shown";
constexpr auto remedy = "`millrace list sources` shows the windows.";

Failure refuse(const Connection& connection, xcb_window_t window, const char* why) {
  return fail(ErrorKind::unavailable,
              fmt::format("capture window {:#x} of {}: {}", window, connection.name(), why),
              remedy);
}

Result<WindowFacts> check_window(Connection& connection, xcb_window_t window) {
  if (window == connection.root()) {
    return refuse(connection, window, "it is the root; x11: captures the whole screen");
  }
  const std::optional<WindowFacts> facts = MILLRACE_TRY(query_window(connection, window));
  if (!facts) return refuse(connection, window, "there is no such window");
  if (facts->input_only)
    return refuse(connection, window, "it takes input only: it has no picture");
  if (!facts->viewable) {
    return refuse(connection, window, "it is not shown: bring it onto the screen first");
  }
  MILLRACE_TRY(
      check_pixels(connection, facts->depth, facts->visual, fmt::format("window {:#x}", window)));
  return *facts;
}

Result<> watch(Connection& connection, xcb_window_t window, uint32_t mask) {
  const xcb_void_cookie_t sent =
      xcb_change_window_attributes_checked(connection.wire(), window, XCB_CW_EVENT_MASK, &mask);
  return connection.check(sent, "watch for changes of a window");
}

/// Drops what has arrived; true when some of it says that `window` was covered and is no more.
bool was_uncovered(Connection& connection, xcb_window_t window) {
  bool uncovered = false;
  while (const Owned<xcb_generic_event_t> event = connection.next_event()) {
    if ((event->response_type & 0x7f) != XCB_VISIBILITY_NOTIFY) continue;
    const auto& change = reinterpret_cast<const xcb_visibility_notify_event_t&>(*event);
    uncovered = uncovered || change.window == window;
  }
  return uncovered;
}

}  // namespace

Result<std::unique_ptr<View>> WindowView::open(Connection& connection, xcb_window_t window) {
  std::unique_ptr<WindowView> view(new WindowView(connection, window));
  MILLRACE_TRY(check_window(connection, window));
  MILLRACE_TRY(view->redirect());
  MILLRACE_TRY(view->watch_ancestors());
  // Only now: a change from here on announces itself.
  view->facts_ = MILLRACE_TRY(check_window(connection, window));
  view->title_ = MILLRACE_TRY(title_of(connection, window));
  const bool named = MILLRACE_TRY(view->name_pixmap(view->facts_));
  if (!named) return refuse(connection, window, "it vanished from the screen meanwhile");
  return std::unique_ptr<View>(std::move(view));
}

WindowView::~WindowView() {
  if (pixmap_ != XCB_NONE) xcb_free_pixmap(connection_.wire(), pixmap_);
  xcb_composite_unredirect_window(connection_.wire(), window_, XCB_COMPOSITE_REDIRECT_AUTOMATIC);
  xcb_flush(connection_.wire());
}

/// What was covered of the window begins with the pixels of what covered it: the server asks its
/// program to draw it, and the program is given the time.
Result<> WindowView::redirect() {
  MILLRACE_TRY(watch(connection_, window_, structure | XCB_EVENT_MASK_VISIBILITY_CHANGE));
  MILLRACE_TRY(connection_.check(xcb_composite_redirect_window_checked(
                                     connection_.wire(), window_, XCB_COMPOSITE_REDIRECT_AUTOMATIC),
                                 "give a window a pixmap of its own"));
  MILLRACE_TRY(watch(connection_, window_, structure));
  if (was_uncovered(connection_, window_)) std::this_thread::sleep_for(time_to_redraw);
  return {};
}

/// A window manager hides a window by unmapping the frame around it, which says nothing to the
/// window itself.
Result<> WindowView::watch_ancestors() {
  const std::vector<xcb_window_t> ancestors = MILLRACE_TRY(ancestors_of(connection_, window_));
  for (const xcb_window_t ancestor : ancestors) {
    MILLRACE_TRY(watch(connection_, ancestor, structure));
  }
  return {};
}

/// False when the window has no pixmap, because it is not shown any more. `facts` gets the size of
/// the pixmap: by now the window may have another one.
Result<bool> WindowView::name_pixmap(WindowFacts& facts) {
  const xcb_pixmap_t name = xcb_generate_id(connection_.wire());
  const xcb_void_cookie_t sent =
      xcb_composite_name_window_pixmap_checked(connection_.wire(), window_, name);
  const Result<> named = connection_.check(sent, "name a window's pixmap");
  if (!named && named.error().kind != ErrorKind::unavailable) return fail(named.error());
  if (!named) return false;
  const auto pixmap = MILLRACE_TRY(connection_.reply<xcb_get_geometry_reply_t>(
      xcb_get_geometry(connection_.wire(), name), "measure a window's pixmap"));
  const uint32_t borders = 2 * facts.border;
  const bool whole = pixmap->width > borders && pixmap->height > borders;
  const xcb_pixmap_t unused = whole ? std::exchange(pixmap_, name) : name;
  if (unused != XCB_NONE) xcb_free_pixmap(connection_.wire(), unused);
  if (!whole) return false;  // its border has changed meanwhile: that announces itself
  facts.width = pixmap->width - borders;
  facts.height = pixmap->height - borders;
  return true;
}

Area WindowView::area() const {
  const auto border = static_cast<int32_t>(facts_.border);
  return {border, border, facts_.width, facts_.height};
}

std::string WindowView::what() const {
  const std::string title = title_.empty() ? "" : fmt::format(" '{}'", title_);
  return fmt::format("window {:#x}{} {}", window_, title, size_text(area()));
}

bool WindowView::has_new_size(const xcb_configure_notify_event_t& event) const {
  return event.window == window_ && (event.width != facts_.width || event.height != facts_.height ||
                                     event.border_width != facts_.border);
}

void WindowView::note(const xcb_generic_event_t& event) {
  switch (event.response_type & 0x7f) {
    case XCB_CONFIGURE_NOTIFY:
      if (has_new_size(reinterpret_cast<const xcb_configure_notify_event_t&>(event))) doubt();
      break;
    case XCB_MAP_NOTIFY:
    case XCB_UNMAP_NOTIFY:
    case XCB_REPARENT_NOTIFY:
    case XCB_DESTROY_NOTIFY:
      doubt();
      break;
    default:
      break;
  }
}

Result<View::Change> WindowView::look_again() {
  std::optional<WindowFacts> found = MILLRACE_TRY(query_window(connection_, window_));
  if (!found) {
    return Change{.closed = true, .notice = {what() + " was closed: the recording ends", {}, {}}};
  }
  // An ancestor may go while it is looked at: what matters then announces itself.
  const Result<> watched = watch_ancestors();
  if (!watched && watched.error().kind != ErrorKind::unavailable) return fail(watched.error());
  if (!found->viewable) return hide();
  const bool named = MILLRACE_TRY(name_pixmap(*found));
  if (!named) return hide();
  const WindowFacts before = std::exchange(facts_, *found);
  return show(before);
}

View::Change WindowView::hide() {
  if (std::exchange(hidden_, true)) return {};
  return {.notice = {what() + " is not shown any more: its last picture is repeated",
                     hidden_or_shown, what() + " is not shown"}};
}

View::Change WindowView::show(const WindowFacts& before) {
  Change change{.redrawn = true};
  if (std::exchange(hidden_, false)) {
    change.notice = {what() + " is shown again", hidden_or_shown, what() + " is shown"};
  }
  if (before.width != facts_.width || before.height != facts_.height) {
    change.notice = {fmt::format("{} was {}x{} before: fitted into the recorded size", what(),
                                 before.width, before.height),
                     "resized", what()};
  }
  return change;
}

}  // namespace millrace::x11
