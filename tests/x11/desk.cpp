// SPDX-License-Identifier: MIT
#include "tests/x11/desk.h"

#include <cstdlib>
#include <stdexcept>

#include <sys/uio.h>

#include <xcb/randr.h>
#include <xcb/xcbext.h>

namespace millrace::x11::test {
namespace {

constexpr uint32_t any_millimetres = 300;

struct Shape {
  Area area;
  uint32_t border = 0;
  uint16_t kind = XCB_WINDOW_CLASS_INPUT_OUTPUT;
};

uint32_t create(xcb_connection_t* wire, const xcb_screen_t& screen, const Shape& shape,
                const uint32_t* colour) {
  const uint32_t window = xcb_generate_id(wire);
  xcb_create_window(wire, XCB_COPY_FROM_PARENT, window, screen.root,
                    static_cast<int16_t>(shape.area.x), static_cast<int16_t>(shape.area.y),
                    static_cast<uint16_t>(shape.area.width),
                    static_cast<uint16_t>(shape.area.height), static_cast<uint16_t>(shape.border),
                    shape.kind, XCB_COPY_FROM_PARENT, colour ? XCB_CW_BACK_PIXEL : 0, colour);
  return window;
}

xcb_visualid_t visual_of_depth(const xcb_screen_t& screen, int depth) {
  for (auto at = xcb_screen_allowed_depths_iterator(&screen); at.rem > 0; xcb_depth_next(&at)) {
    if (at.data->depth == depth && xcb_depth_visuals_length(at.data) > 0) {
      return xcb_depth_visuals(at.data)->visual_id;
    }
  }
  throw std::runtime_error("the display has no such depth");
}

/// xcb_randr_set_monitor of libxcb 1.15 takes the size of the monitor from where it has not put it.
void send_set_monitor(xcb_connection_t* wire, xcb_window_t root, xcb_randr_monitor_info_t info) {
  xcb_randr_set_monitor_request_t request{};
  request.window = root;
  // Two parts before the first are libxcb's own.
  iovec parts[] = {{}, {}, {&request, sizeof(request)}, {&info, sizeof(info)}};
  const xcb_protocol_request_t protocol{2, &xcb_randr_id, XCB_RANDR_SET_MONITOR, 1};
  xcb_send_request(wire, 0, parts + 2, &protocol);
}

}  // namespace

Desk::Desk(const std::string& display) : wire_(xcb_connect(display.c_str(), nullptr)) {
  if (xcb_connection_has_error(wire_) != 0) throw std::runtime_error("no display " + display);
  screen_ = xcb_setup_roots_iterator(xcb_get_setup(wire_)).data;
  free(xcb_randr_query_version_reply(wire_, xcb_randr_query_version(wire_, 1, 5), nullptr));
}

Desk::~Desk() {
  xcb_disconnect(wire_);
}

uint32_t Desk::plain_window(const Area& area, uint32_t colour, uint32_t border) {
  const uint32_t window = create(wire_, *screen_, {area, border}, &colour);
  map(window);
  return window;
}

uint32_t Desk::translucent_window(const Area& area, uint32_t colour) {
  const xcb_visualid_t visual = visual_of_depth(*screen_, 32);
  const xcb_colormap_t colours = xcb_generate_id(wire_);
  xcb_create_colormap(wire_, XCB_COLORMAP_ALLOC_NONE, colours, screen_->root, visual);
  const uint32_t window = xcb_generate_id(wire_);
  const uint32_t values[] = {colour, 0, colours};  // a border pixel is asked of other depths
  xcb_create_window(wire_, 32, window, screen_->root, static_cast<int16_t>(area.x),
                    static_cast<int16_t>(area.y), static_cast<uint16_t>(area.width),
                    static_cast<uint16_t>(area.height), 0, XCB_WINDOW_CLASS_INPUT_OUTPUT, visual,
                    XCB_CW_BACK_PIXEL | XCB_CW_BORDER_PIXEL | XCB_CW_COLORMAP, values);
  map(window);
  return window;
}

uint32_t Desk::input_only_window() {
  const uint32_t window =
      create(wire_, *screen_, {{0, 0, 64, 64}, 0, XCB_WINDOW_CLASS_INPUT_ONLY}, nullptr);
  map(window);
  return window;
}

uint32_t Desk::unmapped_window() {
  const uint32_t window = create(wire_, *screen_, {{0, 0, 64, 64}}, nullptr);
  round_trip();
  return window;
}

uint32_t Desk::frame_around(uint32_t window, const Area& area) {
  const uint32_t frame = plain_window(area, 0);
  xcb_reparent_window(wire_, window, frame, 0, 0);
  round_trip();
  return frame;
}

void Desk::publish_windows(const std::vector<uint32_t>& windows) {
  xcb_change_property(wire_, XCB_PROP_MODE_REPLACE, screen_->root, atom("_NET_CLIENT_LIST"),
                      XCB_ATOM_WINDOW, 32, static_cast<uint32_t>(windows.size()), windows.data());
  round_trip();
}

void Desk::unmap(uint32_t window) {
  xcb_unmap_window(wire_, window);
  round_trip();
}

void Desk::map(uint32_t window) {
  xcb_map_window(wire_, window);
  round_trip();
}

void Desk::resize(uint32_t window, uint32_t width, uint32_t height) {
  const uint32_t size[] = {width, height};
  xcb_configure_window(wire_, window, XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, size);
  round_trip();
}

void Desk::move_pointer(int x, int y) {
  xcb_warp_pointer(wire_, XCB_NONE, screen_->root, 0, 0, 0, 0, static_cast<int16_t>(x),
                   static_cast<int16_t>(y));
  round_trip();
}

void Desk::set_monitor(const std::string& name, const Area& area) {
  xcb_randr_monitor_info_t info{};
  info.name = atom(name);
  info.x = static_cast<int16_t>(area.x);
  info.y = static_cast<int16_t>(area.y);
  info.width = static_cast<uint16_t>(area.width);
  info.height = static_cast<uint16_t>(area.height);
  info.width_in_millimeters = info.height_in_millimeters = any_millimetres;
  send_set_monitor(wire_, screen_->root, info);
  round_trip();
}

void Desk::delete_monitor(const std::string& name) {
  xcb_randr_delete_monitor(wire_, screen_->root, atom(name));
  round_trip();
}

void Desk::set_screen_size(uint32_t width, uint32_t height) {
  switch_outputs_off();  // the screen must not be smaller than what an output shows
  xcb_randr_set_screen_size(wire_, screen_->root, static_cast<uint16_t>(width),
                            static_cast<uint16_t>(height), any_millimetres, any_millimetres);
  round_trip();
}

xcb_atom_t Desk::atom(const std::string& name) {
  auto* const reply = xcb_intern_atom_reply(
      wire_, xcb_intern_atom(wire_, 0, static_cast<uint16_t>(name.size()), name.data()), nullptr);
  if (!reply) throw std::runtime_error("the display makes no atom");
  const xcb_atom_t made = reply->atom;
  free(reply);
  return made;
}

void Desk::switch_outputs_off() {
  auto* const resources = xcb_randr_get_screen_resources_reply(
      wire_, xcb_randr_get_screen_resources(wire_, screen_->root), nullptr);
  if (!resources) throw std::runtime_error("the display has no RandR");
  const xcb_randr_crtc_t* const crtcs = xcb_randr_get_screen_resources_crtcs(resources);
  for (int at = 0; at < xcb_randr_get_screen_resources_crtcs_length(resources); ++at) {
    free(xcb_randr_set_crtc_config_reply(
        wire_,
        xcb_randr_set_crtc_config(wire_, crtcs[at], XCB_CURRENT_TIME, resources->config_timestamp,
                                  0, 0, XCB_NONE, XCB_RANDR_ROTATION_ROTATE_0, 0, nullptr),
        nullptr));
  }
  free(resources);
}

void Desk::round_trip() {
  auto* const reply = xcb_get_input_focus_reply(wire_, xcb_get_input_focus(wire_), nullptr);
  if (!reply) throw std::runtime_error("the display does not answer");
  free(reply);
  while (xcb_generic_event_t* event = xcb_poll_for_event(wire_)) free(event);
}

}  // namespace millrace::x11::test
