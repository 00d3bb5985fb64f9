// SPDX-License-Identifier: MIT
// UniqueFd owns one file descriptor. `int fd` in a signature borrows it for the call.
#pragma once

#include <compare>
#include <cstdint>
#include <utility>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace {

class MILLRACE_API UniqueFd {
 public:
  UniqueFd() = default;

  explicit UniqueFd(int fd) : fd_(fd) {}

  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}

  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());
    return *this;
  }

  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const { return fd_; }

  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  explicit operator bool() const { return fd_ >= 0; }

  void reset(int fd = -1);

  /// A second descriptor of the same file, close-on-exec.
  [[nodiscard]] Result<UniqueFd> duplicate() const;

 private:
  int fd_ = -1;
};

/// The file behind a descriptor: what tells one dma-buf or memfd from another (fd numbers do not).
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};

[[nodiscard]] MILLRACE_API Result<FileIdentity> identify(int fd);

}  // namespace millrace
