// SPDX-License-Identifier: MIT
// AllocatorSet: the heaps of this machine, in the order in which they are tried.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/memory/allocator.h"

namespace millrace {

class MILLRACE_API AllocatorSet {
 public:
  struct Entry {
    std::shared_ptr<Allocator> allocator;
    uint64_t largest = UINT64_MAX;  ///< bytes of one allocation
    std::string origin;             ///< how it is known to work: "open /dev/udmabuf"
  };

  /// memfd and host memory, which every Linux has.
  [[nodiscard]] static AllocatorSet standard();

  /// Puts a heap before all others.
  void prefer(Entry entry);

  /// Null for a heap that is not here.
  [[nodiscard]] Allocator* find(std::string_view heap) const;

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace millrace
