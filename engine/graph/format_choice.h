// SPDX-License-Identifier: MIT
// Formats: which pixel formats and modifiers all members take, best liked first.
#pragma once

#include <optional>
#include <vector>

#include "engine/graph/conflict.h"
#include "engine/graph/heap_choice.h"

namespace millrace {

struct CommonFormat {
  PixelFormat format = PixelFormat::nv12;
  Modifier modifier = Modifier::linear;
  uint64_t rank = 0;  ///< summed over the members; smaller is better
  Provenances why;
};

/// What the search is narrowed to, when a copy engine stands at an end.
struct FormatWish {
  std::optional<PixelFormat> format;
  bool linear = false;
  Provenances why;  ///< of `format`, for members that name none
};

/// At least one. Errors: none is common, with both lists.
[[nodiscard]] Solved<std::vector<CommonFormat>> common_formats(const std::vector<Member>& members,
                                                               const FormatWish& wish);

}  // namespace millrace
