// SPDX-License-Identifier: MIT
// AllocatorSet: heaps in the order in which they are tried, as a value. A pipeline has one; that of
// the whole process is behind AllocatorRegistry.
#pragma once

#include <cstdint>
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
    std::string origin{};           ///< how it is known to work: "open /dev/udmabuf"
  };

  /// What AllocatorRegistry::process() knows now: memfd and host memory, which every Linux has, and
  /// behind them what was registered, which a stage gets that asks for it by name.
  [[nodiscard]] static AllocatorSet standard();

  /// Puts a heap before all others; one of the same name goes.
  void prefer(Entry entry);

  /// Puts a heap behind all others, or in the place of one of the same name.
  void add(Entry entry);

  /// Null for a heap that is not here.
  [[nodiscard]] Allocator* find(std::string_view heap) const;

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  [[nodiscard]] std::vector<Entry>::iterator place_of(std::string_view heap);

  std::vector<Entry> entries_;
};

}  // namespace millrace
