// SPDX-License-Identifier: MIT
#include "engine/format/matrix.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Matrix, puts_one_rectangle_onto_another) {
  const Matrix3 matrix = Matrix3::between({10, 20, 100, 50}, {0, 0, 50, 100});
  EXPECT_EQ(matrix(Point{10, 20}), (Point{0, 0}));
  EXPECT_EQ(matrix(Point{110, 70}), (Point{50, 100}));
  EXPECT_EQ(matrix(FreeRect{60, 20, 50, 50}), (FreeRect{25, 0, 25, 100}));
}

TEST(Matrix, turns_a_rectangle_by_a_quarter) {
  const Matrix3 quarter{{{{0, -1, 100}, {1, 0, 0}, {0, 0, 1}}}};
  EXPECT_TRUE(quarter.keeps_rectangles());
  EXPECT_EQ(quarter(FreeRect{10, 20, 30, 40}), (FreeRect{40, 10, 40, 30}));
}

TEST(Matrix, mirrors_a_rectangle) {
  const Matrix3 mirror{{{{-1, 0, 100}, {0, 1, 0}, {0, 0, 1}}}};
  EXPECT_EQ(mirror(FreeRect{10, 0, 20, 5}), (FreeRect{70, 0, 20, 5}));
}

TEST(Matrix, rounds_to_the_nearest_pixel) {
  const Matrix3 third{{{{1.0 / 3, 0, 0}, {0, 1.0 / 3, 0}, {0, 0, 1}}}};
  EXPECT_EQ(third(Point{4, 5}), (Point{1, 2}));
}

TEST(Matrix, sees_points_in_perspective) {
  const Matrix3 away{{{{1, 0, 0}, {0, 1, 0}, {0, 0.5, 1}}}};
  EXPECT_FALSE(away.keeps_rectangles());
  EXPECT_EQ(away(Point{10, 8}), (Point{2, 2}));
}

TEST(Matrix, finds_no_point_where_there_is_none) {
  const Matrix3 vanishing{{{{1, 0, 0}, {0, 1, 0}, {1, 0, 0}}}};
  EXPECT_EQ(vanishing(Point{0, 1}), std::nullopt);
  const Matrix3 far_away{{{{0x1p100, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  EXPECT_EQ(far_away(Point{1, 1}), std::nullopt);
  EXPECT_EQ(far_away(FreeRect{1, 1, 1, 1}), std::nullopt);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Matrix3 nowhere{{{{nan, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  EXPECT_EQ(nowhere(Point{1, 1}), std::nullopt);
}

TEST(Matrix, finds_no_rectangle_whose_end_64_bits_cannot_tell) {
  const Matrix3 identity;
  EXPECT_EQ(identity(FreeRect{INT64_MAX, 0, 1, 1}), std::nullopt);
  EXPECT_EQ(identity(FreeRect{0, 1, 1, INT64_MAX}), std::nullopt);
}

TEST(Matrix, leaves_an_empty_rectangle_empty) {
  const Matrix3 mirror{{{{-1, 0, 100}, {0, 1, 0}, {0, 0, 1}}}};
  EXPECT_EQ(Matrix3{}(FreeRect{10, 10, -5, 20}), (FreeRect{10, 10, 0, 20}));
  EXPECT_EQ(mirror(FreeRect{10, 10, 20, INT64_MIN}), (FreeRect{70, 10, 20, 0}));
}

TEST(Matrix, takes_an_empty_side_for_a_pixel) {
  EXPECT_EQ(Matrix3::between({0, 0, 0, 0}, {0, 0, 2, 2})(Point{1, 1}), (Point{2, 2}));
}

TEST(ClippedPoint, is_the_nearest_pixel) {
  EXPECT_EQ(clip(Point{5, 5}, {0, 0, 10, 10}).clipping, Clipping::inside);
  EXPECT_EQ(clip(Point{5, 10}, {0, 0, 10, 10}).point, (Point{5, 9}));
  EXPECT_EQ(clip(Point{0, 5}, {3, 0, 10, 10}).point, (Point{3, 5}));
}

}  // namespace
}  // namespace millrace
