// SPDX-License-Identifier: MIT
// Access: how somebody asks for the bytes of a Memory. AccessWord: who has them right now.
//
// Reads are shared; a write is alone, unless all who are in said `joint`. The word lies in the high
// half of the reference count, so that a guard takes its lock and its reference in one step.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time.h"

namespace millrace {

struct Access {
  /// Several may write, and read meanwhile, if every one of them says so; they agree among
  /// themselves on who touches what.
  bool joint = false;
  /// Until when to wait for those who are in the way, and for the fences of devices that have not
  /// done with the bytes; without it the answer comes at once.
  std::optional<Timestamp> deadline{};

  static constexpr Access joined() { return {.joint = true, .deadline = {}}; }

  static Access until(Timestamp when) { return {.joint = false, .deadline = when}; }

  static Access within(Duration time) { return until(now() + time); }

  /// Waits for as long as it takes.
  static Access patient() { return until(Timestamp::max()); }
};

inline constexpr Access at_once{};

/// How long our own stages and copies wait for a device: one that takes longer hangs.
inline constexpr Duration device_patience = std::chrono::seconds(10);

/// Constants and questions of the 64-bit word. Owners are those who can see the bytes: a Buffer
/// weighs 1, a child made by `share` 2, so that under two Buffers or one child nobody writes.
struct AccessWord {
  static constexpr uint64_t reference = 1;
  static constexpr uint64_t reader = uint64_t{1} << 32;
  static constexpr uint64_t most_readers = 0x7ff;
  static constexpr uint64_t writer = uint64_t{1} << 43;
  static constexpr uint64_t most_writers = 0xff;
  static constexpr uint64_t joint = uint64_t{1} << 51;
  static constexpr uint64_t owner = uint64_t{1} << 52;
  static constexpr uint64_t most_owners = 0x7ff;
  /// Somebody sleeps until the high half changes. Two bits, set and cleared together: one beside
  /// the references, so that one comparison finds out whether whoever leaves has anything else to
  /// do, and one in the high half, so that nobody falls asleep whose mark was taken away meanwhile.
  static constexpr uint64_t waiting = uint64_t{1} << 63 | uint64_t{1} << 31;

  static constexpr uint64_t child_weight = 2;

  /// Bits of which none is set where a plain read succeeds, and a plain write. (A read is sent the
  /// long way from half of the countable readers on.)
  static constexpr uint64_t against_reading =
      most_writers * writer | (most_readers / 2 + 1) * reader;
  /// Bits that have to be looked at before one more owner comes.
  static constexpr uint64_t against_owners = most_writers * writer | (most_owners / 2 + 1) * owner;
  static constexpr uint64_t against_writing =
      most_writers * writer | most_readers * reader | (most_owners * owner & ~owner);

  static constexpr uint64_t readers(uint64_t word) { return word / reader & most_readers; }

  static constexpr uint64_t writers(uint64_t word) { return word / writer & most_writers; }

  static constexpr uint64_t owners(uint64_t word) { return word / owner & most_owners; }

  static constexpr bool is_joint(uint64_t word) { return (word & joint) != 0; }

  /// Whoever leaves was the last one, or is waited for.
  static constexpr bool has_more_to_do(uint64_t before) {
    return static_cast<int32_t>(static_cast<uint32_t>(before)) <= 1;
  }
};

}  // namespace millrace
