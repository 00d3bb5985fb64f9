// SPDX-License-Identifier: MIT
// Damage: did the picture change since the one before?
//
// Problem: the server must say so for exactly what was read out. Approach: with each read-out the
// damage gathered so far is taken away into a region, just before the pixels are read:
//
//   DamageSubtract -> region; region ∩ the captured area; extents of it; ShmGetImage
//
// What the region holds is in this picture and was not in the one before. Another client may still
// draw between the two requests: that too is in this picture, stays behind for the next region, and
// announces itself by an event whose sequence number lies between the two. Then both pictures count
// as changed: one too many rather than one too few. (The event does not say what was drawn: also a
// picture of an area counts where the draw was elsewhere in the window.)
// https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/damageproto.txt
#pragma once

#include <memory>
#include <optional>

#include <xcb/damage.h>
#include <xcb/xfixes.h>

#include "engine/base/export.h"
#include "hw/x11/connection.h"
#include "hw/x11/target.h"

namespace millrace::x11 {

/// Of requests by their sequence numbers, which wrap: an event that the server sent after request
/// `event` came between the end of `first` and the end of `second`, which was sent later.
[[nodiscard]] MILLRACE_API bool falls_between(uint32_t event, uint32_t first, uint32_t second);

class Damage {
 public:
  /// Of all that is drawn into `window`, counted within `area` of it, where there is one.
  /// `connection` outlives the result.
  [[nodiscard]] static Result<std::unique_ptr<Damage>> create(Connection& connection,
                                                              xcb_window_t window,
                                                              const std::optional<Area>& area);
  ~Damage();
  Damage(const Damage&) = delete;
  Damage& operator=(const Damage&) = delete;

  /// Before the request that reads the picture.
  void ask();

  /// The picture is read by request `sequence`; before any wait.
  void read_by(unsigned int sequence) { read_ = sequence; }

  /// After it. True when the picture differs from the one before.
  [[nodiscard]] Result<bool> answer();

  /// A DamageNotify has arrived, which the server sent after request `sequence` of ours.
  void note(unsigned int sequence);

 private:
  Damage(Connection& connection, bool within_area);

  Connection& connection_;
  xcb_damage_damage_t damage_;
  xcb_xfixes_region_t gathered_;
  xcb_xfixes_region_t area_;
  bool within_area_;
  bool drawn_between_ = false;
  unsigned int subtracted_ = 0;  ///< sequence of the last DamageSubtract
  unsigned int read_ = 0;        ///< sequence of the request that reads
  xcb_xfixes_fetch_region_cookie_t fetched_{};
};

}  // namespace millrace::x11
