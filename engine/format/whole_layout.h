// SPDX-License-Identifier: MIT
// Whether all that a Layout says holds for bytes that somebody has: not only the visible samples,
// of which check_layout asks, but all rows of every plane, the padding and the coded size.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"

namespace millrace {

/// Where plane `index` of a picture of width x height ends, with its padding. Errors: `usage` for
/// rows that overlap, for fewer rows than are visible, for padding that does not lie before the
/// first sample, and for what 64 bits cannot tell.
[[nodiscard]] MILLRACE_API Result<uint64_t> end_of_plane(const Layout& layout, size_t index,
                                                         uint32_t width, uint32_t height);

/// Whether the coded size holds the picture and the padding before it, and `layout.size` each plane
/// with its padding. Errors: `usage`, with the numbers.
[[nodiscard]] MILLRACE_API Result<> check_totals(const Layout& layout, uint32_t width,
                                                 uint32_t height);

/// Both, and whether all of it lies in one block of so many bytes. Errors: `usage`, with the
/// numbers.
[[nodiscard]] MILLRACE_API Result<> check_whole_layout(const Layout& layout, uint32_t width,
                                                       uint32_t height, uint64_t bytes);

}  // namespace millrace
