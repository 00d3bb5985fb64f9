// SPDX-License-Identifier: MIT
// How much room a file system has, and a watch that it does not run out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/export.h"
#include "engine/base/time.h"

namespace millrace::avformat {

/// Bytes that an ordinary user may still write on the file system of an open file, or of a file or
/// folder. Nothing where it does not say: some network and FUSE file systems have no size.
[[nodiscard]] MILLRACE_API std::optional<uint64_t> free_bytes(int fd);
[[nodiscard]] MILLRACE_API std::optional<uint64_t> free_bytes(const std::string& path);

/// Looks now and then, while a file grows. Confined.
class MILLRACE_API SpaceWatch {
 public:
  /// `least`: bytes that shall stay free; 0 never looks.
  explicit SpaceWatch(uint64_t least) : least_(least) {}

  /// After `written` more bytes: the free ones, where a look was due and found fewer than `least`.
  [[nodiscard]] std::optional<uint64_t> short_of(int fd, uint64_t written);

 private:
  uint64_t least_;
  uint64_t unseen_ = 0;  ///< bytes written since the last look
  Timestamp looked_{};
};

}  // namespace millrace::avformat
