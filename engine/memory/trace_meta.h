// SPDX-License-Identifier: MIT
// TraceMeta: which stages touched a frame, and when. Of more than it holds it keeps the newest. A
// source, or a pool, that attaches one finds it filled by every stage behind it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/base/export.h"
#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"
#include "engine/observe/record.h"

namespace millrace {

struct MILLRACE_API TraceMeta {
  static constexpr MetaFacts facts{
      .name = "TraceMeta", .api = "TraceMeta", .tags = {}, .version = 0};

  struct Touch {
    observe::StageId stage = observe::no_stage;
    uint64_t ticks = 0;  ///< of engine/base/ticks.h
    friend bool operator==(const Touch&, const Touch&) = default;
  };

  static constexpr uint32_t room = 8;

  std::array<Touch, room> touches{};
  uint32_t count = 0;  ///< of all touches, also those that were overwritten
  friend bool operator==(const TraceMeta&, const TraceMeta&) = default;

  void touch(observe::StageId stage, uint64_t ticks) { touches[count++ % room] = {stage, ticks}; }

  [[nodiscard]] uint32_t kept() const { return count < room ? count : room; }

  [[nodiscard]] uint32_t overwritten() const { return count - kept(); }

  /// Number `index` of those kept, the oldest first.
  [[nodiscard]] const Touch& kept(uint32_t index) const {
    return touches[(overwritten() + index) % room];
  }

  [[nodiscard]] static std::optional<TraceMeta> transform(const TraceMeta& meta,
                                                          const MetaTransform& how);
};

/// Notes in a buffer's TraceMeta, if it has one and nobody else the buffer, that `stage` has it
/// now.
MILLRACE_API void note_touch(Buffer& buffer, observe::StageId stage);

}  // namespace millrace
