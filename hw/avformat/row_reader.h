// SPDX-License-Identifier: MIT
// Rows of a file into a plane, by as few system calls as the kernel allows.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/memory/frame_view.h"

namespace millrace::avformat {

struct FilePlace {
  const std::string& path;  ///< for errors
  int fd;
  uint64_t offset;  ///< bytes from the start of the file
};

/// Fills the visible bytes of `plane` with tightly packed rows from `place`; returns how many bytes
/// there were. Errors: `source_lost` for a read that fails.
[[nodiscard]] Result<uint64_t> read_rows(const FilePlace& place, const PlaneSpan<std::byte>& plane);

}  // namespace millrace::avformat
