// SPDX-License-Identifier: MIT
#include "hw/vaapi/h264_level.h"

#include <algorithm>
#include <array>

namespace millrace::vaapi {
namespace {

struct LevelLimits {
  uint8_t idc;
  uint32_t mbs_per_second;
  uint32_t frame_mbs;
  uint32_t dpb_mbs;
  uint32_t kilobits_per_second;  // before the profile's factor
};

// Level 1b is left out: it differs from 1 in the bit rate only, and its signalling by profile.
constexpr std::array<LevelLimits, 19> levels = {{
    {10, 1'485, 99, 396, 64},
    {11, 3'000, 396, 900, 192},
    {12, 6'000, 396, 2'376, 384},
    {13, 11'880, 396, 2'376, 768},
    {20, 11'880, 396, 2'376, 2'000},
    {21, 19'800, 792, 4'752, 4'000},
    {22, 20'250, 1'620, 8'100, 4'000},
    {30, 40'500, 1'620, 8'100, 10'000},
    {31, 108'000, 3'600, 18'000, 14'000},
    {32, 216'000, 5'120, 20'480, 20'000},
    {40, 245'760, 8'192, 32'768, 20'000},
    {41, 245'760, 8'192, 32'768, 50'000},
    {42, 522'240, 8'704, 34'816, 50'000},
    {50, 589'824, 22'080, 110'400, 135'000},
    {51, 983'040, 36'864, 184'320, 240'000},
    {52, 2'073'600, 36'864, 184'320, 240'000},
    {60, 4'177'920, 139'264, 696'320, 240'000},
    {61, 8'355'840, 139'264, 696'320, 480'000},
    {62, 16'711'680, 139'264, 696'320, 800'000},
}};

// cpbBrVclFactor of table A-2: High carries a quarter more bits than Baseline and Main.
uint64_t bits_per_second(const LevelLimits& level, H264Profile profile) {
  const uint64_t factor = profile == H264Profile::high ? 1250 : 1000;
  return level.kilobits_per_second * factor;
}

bool fits(const LevelNeeds& needs, const LevelLimits& level) {
  const uint64_t width = needs.width_in_mbs;
  const uint64_t height = needs.height_in_mbs;
  const uint64_t frame = width * height;
  // Neither side may be longer than sqrt(8 * MaxFS), §A.3.1.
  const uint64_t square_of_longest_side = uint64_t{8} * level.frame_mbs;
  const double mbs_per_second = static_cast<double>(frame) * needs.frame_rate.value();
  return frame <= level.frame_mbs && width * width <= square_of_longest_side &&
         height * height <= square_of_longest_side &&
         frame * needs.reference_frames <= level.dpb_mbs &&
         mbs_per_second <= static_cast<double>(level.mbs_per_second) &&
         needs.peak_bits_per_second <= bits_per_second(level, needs.profile);
}

}  // namespace

Level choose_level(const LevelNeeds& needs) {
  const auto* const found = std::find_if(
      levels.begin(), levels.end(), [&](const LevelLimits& level) { return fits(needs, level); });
  if (found == levels.end()) return {.idc = levels.back().idc, .exceeded = true};
  return {.idc = found->idc};
}

}  // namespace millrace::vaapi
