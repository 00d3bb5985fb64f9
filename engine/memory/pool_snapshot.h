// SPDX-License-Identifier: MIT
// PoolSnapshot: a pool at one instant, as values, for dashboards, tests and error messages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/memory/pool_config.h"
#include "engine/observe/record.h"

namespace millrace {

enum class PoolState : uint8_t {
  inactive,    ///< never configured
  configured,  ///< lends nothing, has no memory
  active,
  flushing,  ///< lends nothing, but keeps its memory
};

[[nodiscard]] MILLRACE_API std::string_view to_string(PoolState state);

/// Why a pool did not take a buffer back. Its slot gets a new buffer when one is wanted.
enum class Discard : uint8_t {
  none,
  memories_changed,  ///< other memories than those it was lent with
  shared,            ///< another buffer, or a part that was shared, still shows its bytes
  mapped,            ///< a view of its bytes is open
  refused,           ///< the pool's own class did not want it
  retired,           ///< it is of an earlier configuration, or the pool was deactivated
};

inline constexpr size_t discard_causes = 6;

enum class SlotState : uint8_t {
  free,
  lent,
  fenced,  ///< back, but a device has not done with it
};

struct PoolSlot {
  uint32_t generation = 0;
  uint32_t slot = 0;  ///< number within its generation
  SlotState state = SlotState::free;
  observe::StageId holder = observe::no_stage;  ///< of a lent one, where holders are tracked
  std::optional<Timestamp> since{};             ///< when the holder got it
};

struct PoolSnapshot {
  PoolState state = PoolState::inactive;
  uint32_t generation = 0;  ///< counts configurations that came into force
  PoolConfig config;
  size_t free = 0;       ///< of this generation
  size_t lent = 0;       ///< of all generations, without those that wait for a fence
  size_t fenced = 0;     ///< of all generations
  size_t low_water = 0;  ///< the fewest that ever were free in this generation
  size_t waiting = 0;    ///< threads in acquire
  std::array<uint64_t, discard_causes> discards{};  ///< by cause
  std::vector<PoolSlot> slots{};                    ///< all that have a buffer
  std::optional<Error> failure{};  ///< of the last try to make one, where it went wrong

  [[nodiscard]] uint64_t discarded(Discard cause) const {
    return discards[static_cast<size_t>(cause)];
  }
};

}  // namespace millrace
