// SPDX-License-Identifier: MIT
#include "hw/x11/still.h"

namespace millrace::x11 {

Result<std::unique_ptr<Still>> Still::create(Connection& connection, uint16_t width,
                                             uint16_t height, const std::optional<Picture>& last) {
  xcb_connection_t* const wire = connection.wire();
  const uint8_t depth = connection.screen().root_depth;
  std::unique_ptr<Still> made(new Still(connection));
  MILLRACE_TRY(connection.check(
      xcb_create_pixmap_checked(wire, depth, made->pixmap_, connection.root(), width, height),
      "make a pixmap for the last picture"));
  const xcb_gcontext_t black = xcb_generate_id(wire);
  const uint32_t nothing = 0;
  xcb_create_gc(wire, black, made->pixmap_, XCB_GC_FOREGROUND, &nothing);
  const xcb_rectangle_t all{0, 0, width, height};
  const xcb_void_cookie_t drawn =
      last ? xcb_shm_put_image_checked(wire, made->pixmap_, black, width, height, 0, 0, width,
                                       height, 0, 0, depth, XCB_IMAGE_FORMAT_Z_PIXMAP, 0,
                                       last->segment, last->offset)
           : xcb_poly_fill_rectangle_checked(wire, made->pixmap_, black, 1, &all);
  xcb_free_gc(wire, black);
  MILLRACE_TRY(connection.check(drawn, "keep the last picture"));
  return made;
}

Still::Still(Connection& connection)
    : connection_(connection), pixmap_(xcb_generate_id(connection.wire())) {}

Still::~Still() {
  xcb_free_pixmap(connection_.wire(), pixmap_);
}

}  // namespace millrace::x11
