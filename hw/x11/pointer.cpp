// SPDX-License-Identifier: MIT
#include "hw/x11/pointer.h"

#include <xcb/xfixes.h>

#include "engine/memory/frame_view.h"

namespace millrace::x11 {
namespace {

CursorImage image_of(const xcb_xfixes_get_cursor_image_reply_t& reply) {
  const uint32_t* const pixels = xcb_xfixes_get_cursor_image_cursor_image(&reply);
  const int count = xcb_xfixes_get_cursor_image_cursor_image_length(&reply);
  CursorImage image{reply.width, reply.height, reply.xhot, reply.yhot, {pixels, pixels + count}};
  if (image.pixels.size() != size_t{image.width} * image.height) return {};
  return image;
}

}  // namespace

Result<std::unique_ptr<Pointer>> Pointer::create(Connection& connection) {
  MILLRACE_TRY(connection.check(
      xcb_xfixes_select_cursor_input_checked(connection.wire(), connection.root(),
                                             XCB_XFIXES_CURSOR_NOTIFY_MASK_DISPLAY_CURSOR),
      "watch the pointer's shape"));
  return std::unique_ptr<Pointer>(new Pointer(connection));
}

void Pointer::ask(xcb_window_t window, const Point& origin) {
  origin_ = origin;
  asked_ = xcb_query_pointer(connection_.wire(), window);
}

Result<> Pointer::answer() {
  // An X error says that the window is gone, which whoever follows it finds out by itself.
  const Response response = MILLRACE_TRY(connection_.wait(asked_.sequence));
  const auto* const reply = static_cast<const xcb_query_pointer_reply_t*>(response.reply.get());
  place_.reset();
  if (reply && reply->same_screen) {
    place_ = Point{reply->win_x - origin_.x, reply->win_y - origin_.y};
  }
  return {};
}

Result<> Pointer::fetch_shape() {
  const xcb_xfixes_get_cursor_image_cookie_t asked =
      xcb_xfixes_get_cursor_image(connection_.wire());
  // An X error (BadCursor) says that there is none. One that a client hides (XFixesHideCursor) is
  // answered all the same, and nothing tells it from one that is shown.
  const Response response = MILLRACE_TRY(connection_.wait(asked.sequence));
  const auto* const reply =
      static_cast<const xcb_xfixes_get_cursor_image_reply_t*>(response.reply.get());
  shape_ = reply ? image_of(*reply) : CursorImage{};
  shape_known_ = true;
  shape_drawn_ = false;
  return {};
}

Result<bool> Pointer::draw(Buffer& frame) {
  if (!shape_known_) MILLRACE_TRY(fetch_shape());
  std::optional<Point> seen = place_;
  if (seen && !is_seen(shape_, *seen, frame.video()->width, frame.video()->height)) seen.reset();
  const bool same = seen == drawn_ && (shape_drawn_ || !seen);
  drawn_ = seen;
  shape_drawn_ = seen.has_value();
  if (!seen) return !same;
  const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(frame));
  blend(shape_, *seen, view.plane(0));
  return !same;
}

}  // namespace millrace::x11
