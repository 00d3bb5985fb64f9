// SPDX-License-Identifier: MIT
// MemoryFacts: what is true of a block of bytes, whoever looks at it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/unique_fd.h"

namespace millrace {

enum class MemoryKind : uint8_t {
  host,
  memfd,
  dmabuf,
  device,  ///< a device's own, which its driver maps for each access; no descriptor
};

[[nodiscard]] MILLRACE_API std::string_view to_string(MemoryKind kind);

struct MemoryFlags {
  bool read_only = false;              ///< nobody writes, ever
  bool no_share = false;               ///< no parts of it may be made; a view of it must copy
  bool zero_prefixed = false;          ///< the bytes before the visible ones are zero
  bool zero_padded = false;            ///< the bytes after them are zero
  bool physically_contiguous = false;  ///< one piece for a device without address translation
  bool not_mappable = false;           ///< the CPU cannot reach it; guards say so
  uint8_t user = 0;                    ///< bits of whoever makes the memory
  friend bool operator==(const MemoryFlags&, const MemoryFlags&) = default;
};

struct MemoryFacts {
  MemoryKind kind = MemoryKind::host;
  std::string_view type{};  ///< a literal; without it the kind's name
  MemoryFlags flags{};
  size_t maxsize = 0;
  size_t offset = 0;
  size_t size = 0;
  size_t align = 1;         ///< of the first visible byte; a power of two
  FileIdentity identity{};  ///< of the file behind it; for host memory device 0 and its address
};

}  // namespace millrace
