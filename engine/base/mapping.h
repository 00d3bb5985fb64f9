// SPDX-License-Identifier: MIT
// Mapping owns one mmap of a file descriptor.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace {

class MILLRACE_API Mapping {
 public:
  enum class Access { read, read_write };

  /// Maps `size` bytes from the start of `fd`, shared. The fd may be closed afterwards.
  static Result<Mapping> create(int fd, size_t size, Access access);

  Mapping() = default;

  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  ~Mapping();

  [[nodiscard]] std::byte* data() const { return data_; }

  [[nodiscard]] size_t size() const { return size_; }

  explicit operator bool() const { return data_ != nullptr; }

 private:
  Mapping(std::byte* data, size_t size) : data_(data), size_(size) {}

  std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace millrace
