// SPDX-License-Identifier: MIT
#include "hw/x11/damage.h"

#include <utility>

namespace millrace::x11 {

bool falls_between(uint32_t event, uint32_t first, uint32_t second) {
  return event - first < second - first;
}

Result<std::unique_ptr<Damage>> Damage::create(Connection& connection, xcb_window_t window,
                                               const std::optional<Area>& area) {
  xcb_connection_t* const wire = connection.wire();
  std::unique_ptr<Damage> made(new Damage(connection, area.has_value()));
  xcb_xfixes_create_region(wire, made->gathered_, 0, nullptr);
  const Area within = area.value_or(Area{});
  const xcb_rectangle_t rectangle{static_cast<int16_t>(within.x), static_cast<int16_t>(within.y),
                                  static_cast<uint16_t>(within.width),
                                  static_cast<uint16_t>(within.height)};
  xcb_xfixes_create_region(wire, made->area_, 1, &rectangle);
  MILLRACE_TRY(connection.check(
      xcb_damage_create_checked(wire, made->damage_, window, XCB_DAMAGE_REPORT_LEVEL_NON_EMPTY),
      "watch for changes of the picture"));
  return made;
}

Damage::Damage(Connection& connection, bool within_area)
    : connection_(connection),
      damage_(xcb_generate_id(connection.wire())),
      gathered_(xcb_generate_id(connection.wire())),
      area_(xcb_generate_id(connection.wire())),
      within_area_(within_area) {}

Damage::~Damage() {
  xcb_damage_destroy(connection_.wire(), damage_);
  xcb_xfixes_destroy_region(connection_.wire(), gathered_);
  xcb_xfixes_destroy_region(connection_.wire(), area_);
}

void Damage::ask() {
  xcb_connection_t* const wire = connection_.wire();
  // The fetch of the last region is answered, or its answer given up: it may be overwritten.
  subtracted_ = xcb_damage_subtract(wire, damage_, XCB_NONE, gathered_).sequence;
  if (within_area_) xcb_xfixes_intersect_region(wire, gathered_, area_, gathered_);
  xcb_xfixes_region_extents(wire, gathered_, gathered_);
  fetched_ = xcb_xfixes_fetch_region(wire, gathered_);
}

Result<bool> Damage::answer() {
  const auto region = MILLRACE_TRY(connection_.reply<xcb_xfixes_fetch_region_reply_t>(
      fetched_, "read what has changed in the picture"));
  const bool gathered = region->extents.width > 0 && region->extents.height > 0;
  const bool between = std::exchange(drawn_between_, false);
  return gathered || between;
}

void Damage::note(unsigned int sequence) {
  if (falls_between(sequence, subtracted_, read_)) drawn_between_ = true;
}

}  // namespace millrace::x11
