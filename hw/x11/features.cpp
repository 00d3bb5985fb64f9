// SPDX-License-Identifier: MIT
#include "hw/x11/features.h"

#include <algorithm>

#include <fmt/format.h>
#include <xcb/composite.h>
#include <xcb/damage.h>
#include <xcb/randr.h>
#include <xcb/shm.h>
#include <xcb/xfixes.h>

namespace millrace::x11 {
namespace {

struct Version {
  uint32_t major = 0;
  uint32_t minor = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

Failure lacking(const Connection& connection, const std::string& what) {
  return fail(ErrorKind::unavailable,
              fmt::format("capture the X display {}: {}", connection.name(), what),
              "Use the display of a local Xorg, Xvfb or Xwayland; a display over the network "
              "cannot share memory.");
}

template <class Query, class Cookie>
Result<> introduce(Connection& connection, Cookie cookie, const char* name, const Version& needed) {
  const Owned<Query> reply = MILLRACE_TRY(connection.reply<Query>(cookie, name));
  const Version found{reply->major_version, reply->minor_version};
  if (found >= needed) return {};
  return lacking(connection, fmt::format("its {} is {}.{}, and {}.{} is needed", name, found.major,
                                         found.minor, needed.major, needed.minor));
}

Result<uint8_t> first_event(Connection& connection, xcb_extension_t& extension, const char* name) {
  const xcb_query_extension_reply_t* const data =
      xcb_get_extension_data(connection.wire(), &extension);
  if (data && data->present) return data->first_event;
  return lacking(connection, fmt::format("the server has no {} extension", name));
}

const xcb_visualtype_t* find_visual(const xcb_screen_t& screen, xcb_visualid_t id) {
  for (auto depth = xcb_screen_allowed_depths_iterator(&screen); depth.rem > 0;
       xcb_depth_next(&depth)) {
    const xcb_visualtype_t* const first = xcb_depth_visuals(depth.data);
    const xcb_visualtype_t* const end = first + xcb_depth_visuals_length(depth.data);
    const xcb_visualtype_t* const found =
        std::find_if(first, end, [&](const auto& visual) { return visual.visual_id == id; });
    if (found != end) return found;
  }
  return nullptr;
}

bool in_words_of_32_bits(const xcb_setup_t& setup, uint8_t depth) {
  const xcb_format_t* const first = xcb_setup_pixmap_formats(&setup);
  const xcb_format_t* const end = first + xcb_setup_pixmap_formats_length(&setup);
  return std::any_of(first, end, [&](const xcb_format_t& format) {
    return format.depth == depth && format.bits_per_pixel == 32 && format.scanline_pad == 32;
  });
}

}  // namespace

Result<Features> negotiate_features(Connection& connection) {
  xcb_connection_t* const wire = connection.wire();
  if (!connection.is_local()) {
    return lacking(connection, "it is reached over the network, where memory cannot be shared");
  }
  for (xcb_extension_t* extension :
       {&xcb_shm_id, &xcb_xfixes_id, &xcb_damage_id, &xcb_composite_id, &xcb_randr_id}) {
    xcb_prefetch_extension_data(wire, extension);
  }
  // What libxcb asked it waits for without limit: so wait here until the answers must be there.
  MILLRACE_TRY(connection.reply<xcb_get_input_focus_reply_t>(xcb_get_input_focus(wire),
                                                             "reach the X server"));
  Features features;
  MILLRACE_TRY(first_event(connection, xcb_shm_id, "MIT-SHM"));
  features.fixes_event = MILLRACE_TRY(first_event(connection, xcb_xfixes_id, "XFIXES"));
  features.damage_event = MILLRACE_TRY(first_event(connection, xcb_damage_id, "DAMAGE"));
  MILLRACE_TRY(first_event(connection, xcb_composite_id, "Composite"));
  features.randr_event = MILLRACE_TRY(first_event(connection, xcb_randr_id, "RANDR"));
  MILLRACE_TRY(introduce<xcb_shm_query_version_reply_t>(connection, xcb_shm_query_version(wire),
                                                        "MIT-SHM", {1, 2}));
  MILLRACE_TRY(introduce<xcb_xfixes_query_version_reply_t>(
      connection, xcb_xfixes_query_version(wire, 5, 0), "XFIXES", {2, 0}));
  MILLRACE_TRY(introduce<xcb_damage_query_version_reply_t>(
      connection, xcb_damage_query_version(wire, 1, 1), "DAMAGE", {1, 0}));
  MILLRACE_TRY(introduce<xcb_composite_query_version_reply_t>(
      connection, xcb_composite_query_version(wire, 0, 4), "Composite", {0, 2}));
  MILLRACE_TRY(introduce<xcb_randr_query_version_reply_t>(
      connection, xcb_randr_query_version(wire, 1, 5), "RANDR", {1, 5}));
  return features;
}

Result<> check_pixels(const Connection& connection, uint8_t depth, xcb_visualid_t id,
                      const std::string& what) {
  const xcb_visualtype_t* const visual = find_visual(connection.screen(), id);
  const bool ours = (depth == 24 || depth == 32) && visual && visual->red_mask == 0xff0000 &&
                    visual->green_mask == 0xff00 && visual->blue_mask == 0xff &&
                    in_words_of_32_bits(connection.setup(), depth) &&
                    connection.setup().image_byte_order == XCB_IMAGE_ORDER_LSB_FIRST;
  if (ours) return {};
  return fail(
      ErrorKind::unavailable,
      fmt::format("capture {} of {}: its pixels have depth {}; only those of depth 24 or 32 "
                  "with the bytes B, G, R, X are read",
                  what, connection.name(), depth),
      "Start the X server with 24 bits a pixel (Xvfb -screen 0 1280x720x24).");
}

}  // namespace millrace::x11
