// SPDX-License-Identifier: MIT
#include "hw/vaapi/h264_stream.h"

#include <algorithm>
#include <numeric>

namespace millrace::vaapi {
namespace {

constexpr int64_t max_num = 65535;
constexpr int64_t max_den = 4095;
// The largest side that any level allows is 16 * sqrt(8 * 139264); one more bit is a typing error.
constexpr uint32_t max_side = 16'880;

bool is_better(Fraction rate, WireRate candidate, WireRate best) {
  const double wanted = rate.value();
  const auto distance = [wanted](WireRate tried) {
    const double value = static_cast<double>(tried.num) / static_cast<double>(tried.den);
    return value < wanted ? wanted - value : value - wanted;
  };
  return distance(candidate) < distance(best);
}

WireRate nearest_with_denominator(Fraction rate, int64_t den) {
  const double num = rate.value() * static_cast<double>(den) + 0.5;
  const double bounded = std::clamp(num, 1.0, static_cast<double>(max_num));
  return {static_cast<uint32_t>(bounded), static_cast<uint32_t>(den)};
}

Result<> check_size(const EncoderSettings& settings) {
  const std::string size =
      std::to_string(settings.width) + "x" + std::to_string(settings.height) + " as H.264";
  if (settings.width == 0 || settings.height == 0) {
    return fail(ErrorKind::usage, "encode " + size + ": there is no picture in it",
                "give a size of at least 2x2");
  }
  if (settings.width % 2 != 0 || settings.height % 2 != 0) {
    return fail(ErrorKind::usage, "encode " + size + ": 4:2:0 has only even sizes",
                "pad the picture to even sides");
  }
  if (settings.width > max_side || settings.height > max_side) {
    return fail(ErrorKind::usage, "encode " + size + ": no H.264 level is that large",
                "scale to at most " + std::to_string(max_side) + " samples a side");
  }
  return {};
}

}  // namespace

WireRate wire_rate(Fraction rate) {
  if (rate.num <= 0 || rate.den <= 0) return {};
  const int64_t divisor = std::gcd(rate.num, rate.den);
  const Fraction lowest{rate.num / divisor, rate.den / divisor};
  if (lowest.num <= max_num && lowest.den <= max_den) {
    return {static_cast<uint32_t>(lowest.num), static_cast<uint32_t>(lowest.den)};
  }
  WireRate best = nearest_with_denominator(lowest, 1);
  for (int64_t den = 2; den <= max_den; ++den) {
    const WireRate candidate = nearest_with_denominator(lowest, den);
    if (is_better(lowest, candidate, best)) best = candidate;
  }
  return best;
}

Result<H264Stream> describe_stream(const EncoderSettings& settings, const StreamChoices& choices) {
  MILLRACE_TRY(check_size(settings));
  H264Stream stream;
  stream.profile = choices.profile;
  stream.width = settings.width;
  stream.height = settings.height;
  stream.width_in_mbs = (settings.width + 15) / 16;
  stream.height_in_mbs = (settings.height + 15) / 16;
  stream.frame_rate = wire_rate(settings.frame_rate);
  stream.colour = settings.colour;
  stream.idr_period = settings.keyint;
  stream.peak_bits_per_second = choices.peak_bits_per_second;
  stream.pic_init_qp = choices.pic_init_qp;
  stream.level = choose_level({.profile = stream.profile,
                               .width_in_mbs = stream.width_in_mbs,
                               .height_in_mbs = stream.height_in_mbs,
                               .reference_frames = H264Stream::reference_frames,
                               .frame_rate = {stream.frame_rate.num, stream.frame_rate.den},
                               .peak_bits_per_second = stream.peak_bits_per_second});
  return stream;
}

H264Picture next_picture(const H264Picture& last, bool idr) {
  if (idr) return {.idr = true, .idr_pic_id = static_cast<uint16_t>(last.idr_pic_id + 1)};
  H264Picture next = last;
  next.idr = false;
  next.frame_num = (last.frame_num + 1) & ((1U << H264Stream::frame_num_bits) - 1);
  next.poc = last.poc + 2;
  return next;
}

}  // namespace millrace::vaapi
