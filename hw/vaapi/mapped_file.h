// SPDX-License-Identifier: MIT
// Which file is mapped at an address and how far, as the kernel tells it in /proc/self/maps.
// https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::vaapi {

/// One line of it.
struct MappedRange {
  uintptr_t first = 0;
  uintptr_t end = 0;  ///< the address after the last
  bool readable = false;
  bool writable = false;
  FileIdentity file;       ///< inode 0 without a file
  uint64_t offset = 0;     ///< in the file, of the first byte
  bool of_device = false;  ///< /dev/… or anon_inode:…: one file for all that the device maps
};

/// Nothing for a line that is no mapping. Pure.
[[nodiscard]] MILLRACE_API std::optional<MappedRange> read_mapped_range(std::string_view line);

enum class Access : uint8_t { read, write };

/// Whether all of `bytes` may be touched: a driver may say that it has mapped more than it has.
/// Errors: `unavailable` with how many bytes there are.
[[nodiscard]] MILLRACE_API Result<> check_mapped(std::span<const std::byte> bytes, Access access);

struct FileBehind {
  /// Of memory that a device maps: its file's, with the offset that tells one block from another
  /// mixed into the inode.
  FileIdentity identity;
  bool of_device = false;
};

/// Errors: `unavailable` where no file lies behind the memory.
[[nodiscard]] MILLRACE_API Result<FileBehind> file_mapped_at(const void* address);

}  // namespace millrace::vaapi
