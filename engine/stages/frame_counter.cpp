// SPDX-License-Identifier: MIT
#include "engine/stages/frame_counter.h"

#include <algorithm>
#include <bitset>

namespace millrace {
namespace {

constexpr uint32_t least_side = 64;
constexpr uint32_t least_block = 8;
constexpr uint32_t largest_block = 32;
constexpr int frame_bits = 32;
constexpr int time_bits = 48;
constexpr int sum_bits = 16;
constexpr uint64_t time_mask = (uint64_t{1} << time_bits) - 1;
// Means between these are neither black (16 or 0) nor white (235 or 255).
constexpr uint32_t darkest_unclear = 96;
constexpr uint32_t brightest_unclear = 160;

using Bits = std::bitset<frame_bits + sum_bits + time_bits + sum_bits>;

/// CRC-16 with polynomial 0x1021 and a start of ones, so that neither an all-black nor an all-white
/// picture reads as a number.
uint16_t checksum(uint64_t value, int bits, uint16_t start = 0xffff) {
  uint32_t sum = start;
  for (int bit = bits - 1; bit >= 0; --bit) {
    const uint32_t out = (sum >> 15 ^ static_cast<uint32_t>(value >> bit)) & 1;
    sum = (sum << 1 ^ (out ? 0x1021U : 0U)) & 0xffff;
  }
  return static_cast<uint16_t>(sum);
}

uint16_t checksum_of_both(uint32_t frame, uint64_t pts_us) {
  return checksum(pts_us, time_bits, checksum(frame, frame_bits));
}

void append(Bits& all, size_t& at, uint64_t value, int bits) {
  for (int bit = bits - 1; bit >= 0; --bit) all[at++] = (value >> bit & 1) != 0;
}

uint64_t extract(const Bits& all, size_t& at, int bits) {
  uint64_t value = 0;
  for (int bit = 0; bit < bits; ++bit) value = value << 1 | (all[at++] ? 1 : 0);
  return value;
}

Bits encode(uint32_t frame, uint64_t pts_us) {
  Bits all;
  size_t at = 0;
  append(all, at, frame, frame_bits);
  append(all, at, checksum(frame, frame_bits), sum_bits);
  append(all, at, pts_us & time_mask, time_bits);
  append(all, at, checksum_of_both(frame, pts_us & time_mask), sum_bits);
  return all;
}

std::optional<CounterReading> decode(const Bits& all, bool with_time) {
  size_t at = 0;
  const auto frame = static_cast<uint32_t>(extract(all, at, frame_bits));
  if (extract(all, at, sum_bits) != checksum(frame, frame_bits)) return std::nullopt;
  if (!with_time) return CounterReading{frame, std::nullopt};
  const uint64_t pts_us = extract(all, at, time_bits);
  if (extract(all, at, sum_bits) != checksum_of_both(frame, pts_us)) return std::nullopt;
  return CounterReading{frame, pts_us};
}

Rect block_at(const CounterGeometry& geometry, uint32_t bit) {
  return {bit % geometry.columns * geometry.block, bit / geometry.columns * geometry.block,
          geometry.block, geometry.block};
}

/// The mean of the inner half of a block, away from what its neighbours bleed into it.
uint32_t mean_inside(const BrightnessView& picture, const Rect& block) {
  const uint32_t margin = block.width / 4;
  const uint32_t side = block.width - 2 * margin;
  uint32_t sum = 0;
  for (uint32_t y = 0; y < side; ++y) {
    const std::byte* row = picture.data + (block.y + margin + y) * picture.stride;
    for (uint32_t x = 0; x < side; ++x) {
      sum += static_cast<uint32_t>(row[(block.x + margin + x) * picture.step]);
    }
  }
  return sum / (side * side);
}

uint32_t columns_for(uint32_t width) {
  if (width >= 256) return 32;
  return width >= 128 ? 16 : 8;
}

}  // namespace

std::optional<CounterGeometry> counter_geometry(uint32_t width, uint32_t height) {
  if (width < least_side || height < least_side) return std::nullopt;
  CounterGeometry geometry{.columns = columns_for(width), .block = least_block, .with_time = true};
  geometry.with_time = geometry.rows() * least_block <= height / 2;
  // Larger blocks where they stay within the width and an eighth of the height.
  const uint32_t by_width = width / geometry.columns;
  const uint32_t by_height = height / (8 * geometry.rows());
  const uint32_t side = std::min({by_width, by_height, largest_block}) / least_block * least_block;
  geometry.block = std::max(side, least_block);
  return geometry;
}

void write_counter(const CounterGeometry& geometry, PixelFormat format, const WritePlanes& frame,
                   const CounterInks& inks, uint32_t number, uint64_t pts_us) {
  const Bits all = encode(number, pts_us);
  for (uint32_t bit = 0; bit < geometry.bits(); ++bit) {
    paint_rect(format, frame, block_at(geometry, bit), all[bit] ? inks.white : inks.black);
  }
}

BrightnessView brightness_of(PixelFormat format, const PlaneSpan<const std::byte>& plane0,
                             uint32_t width, uint32_t height) {
  const PlaneFacts& group = facts(format).planes[0];
  const size_t step = size_t{group.group_bytes} / group.group_width;
  const bool second_byte = facts(format).rgb || format == PixelFormat::p010;
  return {plane0.data + (second_byte ? 1 : 0), plane0.stride, width, height, step};
}

std::optional<CounterReading> read_counter(const BrightnessView& picture) {
  const auto geometry = counter_geometry(picture.width, picture.height);
  if (!geometry) return std::nullopt;
  Bits all;
  for (uint32_t bit = 0; bit < geometry->bits(); ++bit) {
    const uint32_t mean = mean_inside(picture, block_at(*geometry, bit));
    if (mean > darkest_unclear && mean < brightest_unclear) return std::nullopt;
    all[bit] = mean >= brightest_unclear;
  }
  return decode(all, geometry->with_time);
}

}  // namespace millrace
