// SPDX-License-Identifier: MIT
// Metas as bytes, to go with a frame to another process or into a file, and back.
//
// One meta, all numbers little-endian:
//
//   u32 total | u32 length | name (length bytes) | 0 | u8 version | payload
//
// `total` counts everything from its own first byte on, so whoever does not know the name can skip
// it. The payload is the meta's own matter.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/meta_registry.h"
#include "engine/memory/meta_view.h"

namespace millrace {

class Buffer;

/// Puts a meta behind what `to` holds. Errors: its type has no `serialize`, or that failed, or it
/// takes 4 GiB; `to` is then as before.
[[nodiscard]] MILLRACE_API Result<> serialize(const MetaView& meta, std::vector<std::byte>& to);

/// All that can be serialized, the oldest first; how many they were. Errors as above.
[[nodiscard]] MILLRACE_API Result<size_t> serialize_all(const MetaItems& metas,
                                                        std::vector<std::byte>& to);

/// A buffer that has so many takes no further one out of bytes: what comes from outside must not
/// make every later search slow.
inline constexpr size_t most_metas_to_read = 512;

struct ReadMeta {
  size_t consumed = 0;  ///< bytes of it, whatever became of it
  /// Why the buffer did not get it: `unavailable` for an unknown name or a version newer than ours,
  /// and where it has most_metas_to_read.
  std::optional<Error> refused;
};

/// Attaches the meta at the start of `from`. Errors: bytes that are none, or not all of one;
/// `denied` without the sole reference to the buffer.
[[nodiscard]] MILLRACE_API Result<ReadMeta> deserialize(
    std::span<const std::byte> from, Buffer& to,
    const MetaRegistry& registry = MetaRegistry::shared());

}  // namespace millrace
