// SPDX-License-Identifier: MIT
// One word of each buffer: which of the common metas are there, and what is out of the ordinary
// with its metas or with itself. So the short ways ask about all that stands against them in one
// test.
//
// Five bits of each kind, a bit a place (meta_places.h), and some that are about the whole.
#pragma once

#include <cstdint>

#include "engine/memory/meta_places.h"

namespace millrace {

namespace meta_bits {

inline constexpr uint32_t all_places = 0x1f;

constexpr uint32_t present(int place) {
  return 1U << place;
}

/// Of the place and of those behind it.
constexpr uint32_t present_from(int place) {
  return all_places & ~(present(place) - 1);
}

constexpr uint32_t locked(int place) {
  return present(place) << 5;
}

constexpr uint32_t pooled(int place) {
  return present(place) << 10;
}

constexpr uint32_t read_only(int place) {
  return present(place) << 15;
}

/// Of a pooled one, whose first value is saved.
constexpr uint32_t edited(int place) {
  return present(place) << 20;
}

constexpr uint32_t all_of(int place) {
  return present(place) * 0x108421;
}

inline constexpr uint32_t chain_changed = 1U << 25;  ///< from what it is in a new buffer
inline constexpr uint32_t clears = 1U << 26;         ///< a pooled meta wants `clear` at each return
inline constexpr uint32_t has_home = 1U << 27;       ///< a pool marked what there was

/// Of the buffer itself. It has other memories than the one it was made with, or fences.
inline constexpr uint32_t not_plain = 1U << 28;
inline constexpr uint32_t has_origin = 1U << 29;        ///< a view of a pooled one
inline constexpr uint32_t memories_changed = 1U << 30;  ///< since it was made
inline constexpr uint32_t of_the_buffer = not_plain | has_origin | memories_changed;

/// Those whose destructors do something.
inline constexpr uint32_t need_destruction =
    present(meta_place<ParentBufferMeta>) | present(meta_place<ReferenceTimestampMeta>);

/// A buffer without any of these ends with its bytes, but for its hold on its one memory.
inline constexpr uint32_t end_slowly =
    need_destruction | all_places * edited(0) | chain_changed | has_home | of_the_buffer;

constexpr uint32_t of(MetaFlags flags, int place) {
  return (flags.locked ? locked(place) : 0) | (flags.pooled ? pooled(place) : 0) |
         (flags.read_only ? read_only(place) : 0);
}

constexpr MetaFlags flags(uint32_t bits, int place) {
  return {.read_only = (bits & read_only(place)) != 0,
          .pooled = (bits & pooled(place)) != 0,
          .locked = (bits & locked(place)) != 0};
}

}  // namespace meta_bits

}  // namespace millrace
