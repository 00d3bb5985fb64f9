// SPDX-License-Identifier: MIT
#include "engine/format/stream_format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace millrace {
namespace {

std::string rate(const Fraction& fps) {
  return fps.den == 1 ? fmt::format("{} fps", fps.num) : fmt::format("{}/{} fps", fps.num, fps.den);
}

struct Printer {
  std::string operator()(const VideoFormat& v) const {
    return fmt::format("{} {}x{} {}", to_string(v.format), v.width, v.height, rate(v.frame_rate));
  }

  std::string operator()(const PacketFormat& p) const {
    return fmt::format("{} {}x{} {}", to_string(p.codec), p.width, p.height, rate(p.frame_rate));
  }

  std::string operator()(const TensorFormat& t) const {
    return fmt::format("tensor {}", fmt::join(t.shape, "x"));
  }

  std::string operator()(const AudioFormat& a) const {
    return fmt::format("audio {} Hz, {} channels", a.rate, a.channels);
  }
};

}  // namespace

std::string_view to_string(Codec) {
  return "H.264";
}

std::string to_string(const StreamFormat& format) {
  return std::visit(Printer{}, format);
}

}  // namespace millrace
