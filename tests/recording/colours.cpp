// SPDX-License-Identifier: MIT
#include "tests/recording/colours.h"

#include <gtest/gtest.h>

namespace millrace::recording {

std::array<double, 3> codes_of(const Rgb& rgb, const Matrix& matrix) {
  const double luma =
      matrix.red * rgb.r + (1 - matrix.red - matrix.blue) * rgb.g + matrix.blue * rgb.b;
  const double cb = (rgb.b - luma) / (2 * (1 - matrix.blue));
  const double cr = (rgb.r - luma) / (2 * (1 - matrix.red));
  const double luma_steps = matrix.full ? 255 : 219;
  const double chroma_steps = matrix.full ? 255 : 224;
  return {(matrix.full ? 0 : 16) + luma_steps * luma, 128 + chroma_steps * cb,
          128 + chroma_steps * cr};
}

Matrix matrix_of(const MediaFacts& facts) {
  EXPECT_TRUE(facts.matrix == "bt709" || facts.matrix == "smpte170m") << facts.matrix;
  const bool full = facts.range == "pc";
  return facts.matrix == "bt709" ? Matrix{.full = full} : Matrix{0.299, 0.114, full};
}

void expect_colour(const Picture& picture, uint32_t x, uint32_t y, const Rgb& rgb,
                   const Matrix& matrix) {
  const std::array<int, 3> seen = picture.yuv_at(x, y);
  const std::array<double, 3> meant = codes_of(rgb, matrix);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(seen[i], meant[i], 3) << "component " << i << " at " << x << "," << y;
  }
}

}  // namespace millrace::recording
