// SPDX-License-Identifier: MIT
// HostBlock owns bytes of this process: small ones of the Recycler, large ones of the BlockCache,
// the others of malloc.
#pragma once

#include <cstddef>
#include <utility>

#include "engine/base/export.h"

namespace millrace {

class MILLRACE_API HostBlock {
 public:
  /// Empty where there is no memory left. The bytes are whatever lay there before.
  [[nodiscard]] static HostBlock take(size_t size);

  HostBlock() = default;

  HostBlock(HostBlock&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(other.size_) {}

  HostBlock& operator=(HostBlock&&) = delete;

  ~HostBlock() {
    if (start_) give_back();
  }

  [[nodiscard]] std::byte* data() const { return start_; }

  explicit operator bool() const { return start_ != nullptr; }

 private:
  HostBlock(std::byte* start, size_t size) : start_(start), size_(size) {}

  void give_back() noexcept;

  std::byte* start_ = nullptr;
  size_t size_ = 0;  ///< as it was taken
};

}  // namespace millrace
