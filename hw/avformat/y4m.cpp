// SPDX-License-Identifier: MIT
#include "hw/avformat/y4m.h"

#include <charconv>

namespace millrace::avformat {
namespace {

constexpr std::string_view magic = "YUV4MPEG2";
constexpr std::string_view frame_magic = "FRAME";
constexpr uint32_t largest_side = 65535;
constexpr int32_t most_frames_per_second = 1000;

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool set_side(std::string_view text, uint32_t& side) {
  const auto value = number<uint32_t>(text);
  if (!value || *value == 0 || *value > largest_side) return false;
  side = *value;
  return true;
}

/// "30000:1001"; "0:0" means unknown and leaves the rate as it is. So does what no camera has.
bool set_rate(std::string_view text, Fraction& rate) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto num = number<int32_t>(text.substr(0, colon));
  const auto den = number<int32_t>(text.substr(colon + 1));
  if (!num || !den || *num < 0 || *den < 0) return false;
  const bool plausible = *num > 0 && *den > 0 && *num / *den <= most_frames_per_second;
  if (plausible) rate = {*num, *den};
  return true;
}

bool is_420(std::string_view chroma) {
  return chroma == "420" || chroma == "420jpeg" || chroma == "420mpeg2" || chroma == "420paldv";
}

/// One word of the header. False when it is damaged or asks for something else than 8-bit 4:2:0.
bool apply(std::string_view word, VideoFormat& video) {
  const std::string_view rest = word.substr(1);
  switch (word.front()) {
    case 'W':
      return set_side(rest, video.width);
    case 'H':
      return set_side(rest, video.height);
    case 'F':
      return set_rate(rest, video.frame_rate);
    case 'C':
      return is_420(rest);
    case 'X':
      if (rest == "COLORRANGE=FULL") video.colour.range = ColourRange::full;
      if (rest == "COLORRANGE=LIMITED") video.colour.range = ColourRange::limited;
      return true;
    default:
      return true;
  }
}

}  // namespace

bool is_y4m(std::string_view text) {
  return text.starts_with(magic) && text.size() > magic.size() && text[magic.size()] == ' ';
}

std::optional<Y4mHeader> parse_y4m_header(std::string_view text) {
  const size_t newline = text.substr(0, longest_y4m_header).find('\n');
  if (!is_y4m(text) || newline == std::string_view::npos) return std::nullopt;
  Y4mHeader header{.video = {.format = PixelFormat::i420}, .bytes = newline + 1};
  std::string_view rest = text.substr(magic.size(), newline - magic.size());
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (!word.empty() && !apply(word, header.video)) return std::nullopt;
    rest.remove_prefix(word.size() == rest.size() ? word.size() : word.size() + 1);
  }
  if (header.video.width == 0 || header.video.height == 0) return std::nullopt;
  return header;
}

std::optional<size_t> parse_y4m_frame(std::string_view text) {
  const size_t newline = text.substr(0, longest_y4m_header).find('\n');
  if (!text.starts_with(frame_magic) || newline == std::string_view::npos) return std::nullopt;
  const char after = text[frame_magic.size()];
  if (after != ' ' && after != '\n') return std::nullopt;
  return newline + 1;
}

}  // namespace millrace::avformat
