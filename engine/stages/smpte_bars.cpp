// SPDX-License-Identifier: MIT
#include "engine/stages/smpte_bars.h"

#include <cstring>
#include <span>

namespace millrace {
namespace {

/// A patch ends at `end` 84ths of the width: the least unit that all three bands divide.
struct Patch {
  uint32_t end;
  Rgb colour;
};

constexpr uint32_t units = 84;
constexpr double level = 0.75;
constexpr Rgb black{0, 0, 0};
constexpr Rgb grey{level, level, level};
constexpr Rgb yellow{level, level, 0};
constexpr Rgb cyan{0, level, level};
constexpr Rgb green{0, level, 0};
constexpr Rgb magenta{level, 0, level};
constexpr Rgb red{level, 0, 0};
constexpr Rgb blue{0, 0, level};
constexpr Rgb white{1, 1, 1};
// -I and +Q are no colours of R'G'B': these are the nearest, with the negative parts clipped.
constexpr Rgb minus_i{0, 0.129, 0.298};
constexpr Rgb plus_q{0.196, 0, 0.416};
constexpr Rgb below_black{-0.04, -0.04, -0.04};
constexpr Rgb above_black{0.04, 0.04, 0.04};

constexpr std::array<Patch, 7> top_band = {
    {{12, grey}, {24, yellow}, {36, cyan}, {48, green}, {60, magenta}, {72, red}, {84, blue}}};
constexpr std::array<Patch, 7> middle_band = {
    {{12, blue}, {24, black}, {36, magenta}, {48, black}, {60, cyan}, {72, black}, {84, grey}}};
constexpr std::array<Patch, 8> bottom_band = {{{15, minus_i},
                                               {30, white},
                                               {45, plus_q},
                                               {60, black},
                                               {64, below_black},
                                               {68, black},
                                               {72, above_black},
                                               {84, black}}};

std::span<const Patch> patches_of(size_t band) {
  if (band == 0) return top_band;
  if (band == 1) return middle_band;
  return bottom_band;
}

uint32_t even(uint64_t value) {
  return static_cast<uint32_t>(value & ~uint64_t{1});
}

/// The last patch ends with the picture, whose width may be odd.
uint32_t edge(uint32_t end, uint32_t width) {
  return end == units ? width : even(uint64_t{width} * end / units);
}

}  // namespace

BarsBands bars_bands(uint32_t height) {
  return {even(uint64_t{height} * 2 / 3), even(uint64_t{height} * 3 / 4), height};
}

std::vector<BarsPatch> bars_patches(uint32_t width, uint32_t height) {
  std::vector<BarsPatch> patches;
  uint32_t x = 0;
  for (const Patch& patch : top_band) {
    const uint32_t end = edge(patch.end, width);
    patches.push_back({{x, 0, end - x, bars_bands(height).middle}, patch.colour});
    x = end;
  }
  return patches;
}

SmpteBars::SmpteBars(const VideoFormat& video) : video_(video), bands_(bars_bands(video.height)) {
  for (size_t band = 0; band < band_count; ++band) {
    for (size_t plane = 0; plane < facts(video.format).plane_count; ++plane) {
      std::vector<std::byte>& row = row_[band][plane];
      row.resize(visible_extent(video.format, plane, video.width, 1).row_bytes);
      uint32_t x = 0;
      for (const Patch& patch : patches_of(band)) {
        const uint32_t end = edge(patch.end, video.width);
        const Ink ink = make_ink(video.format, video.colour, patch.colour);
        paint_span(video.format, plane, row, x, end, ink);
        x = end;
      }
    }
  }
}

void SmpteBars::draw(const WritePlanes& frame) const {
  const std::array<uint32_t, band_count> ends = {bands_.middle, bands_.bottom, bands_.end};
  for (size_t plane = 0; plane < facts(video_.format).plane_count; ++plane) {
    size_t row = 0;
    for (size_t band = 0; band < band_count; ++band) {
      const std::vector<std::byte>& prepared = row_[band][plane];
      const size_t end = visible_extent(video_.format, plane, 1, ends[band]).rows;
      for (; row < end; ++row) {
        std::memcpy(frame[plane].row(row).data(), prepared.data(), prepared.size());
      }
    }
  }
}

}  // namespace millrace
