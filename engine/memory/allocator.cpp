// SPDX-License-Identifier: MIT
#include "engine/memory/allocator.h"

#include <bit>
#include <optional>

#include <fmt/format.h>

#include "engine/base/checked.h"

namespace millrace {

Result<size_t> block_size(size_t size, const AllocationParams& params) {
  if (!std::has_single_bit(params.align)) {
    return fail(
        ErrorKind::internal,
        fmt::format("allocate {} bytes: alignment {} is not a power of two", size, params.align));
  }
  if (params.flags.physically_contiguous) {
    return fail(ErrorKind::unavailable,
                fmt::format("allocate {} bytes in one piece of physical memory: pages of a process "
                            "lie anywhere",
                            size),
                "Use the heap of the device that needs them so.");
  }
  std::optional<size_t> total = checked_add(size, params.prefix);
  if (total) total = checked_add(*total, params.padding);
  if (total) total = checked_add(*total, params.align - 1);
  if (!total) {
    return fail(
        ErrorKind::internal,
        fmt::format("allocate {} bytes with prefix {} and padding {}: more than can be addressed",
                    size, params.prefix, params.padding));
  }
  return *total;
}

}  // namespace millrace
