// SPDX-License-Identifier: MIT
// What codes a colour has in a file, straight from the formulas of ITU-T H.273.
#pragma once

#include <array>

#include "engine/stages/paint.h"
#include "tests/recording/media.h"

namespace millrace::recording {

struct Matrix {
  double red = 0.2126;  ///< weights; of BT.709
  double blue = 0.0722;
  bool full = false;  ///< range
};

[[nodiscard]] std::array<double, 3> codes_of(const Rgb& rgb, const Matrix& matrix);

/// As the file's tags say.
[[nodiscard]] Matrix matrix_of(const MediaFacts& facts);

/// The codes at (x, y) are those of `rgb`, within 3.
void expect_colour(const Picture& picture, uint32_t x, uint32_t y, const Rgb& rgb,
                   const Matrix& matrix);

}  // namespace millrace::recording
