// SPDX-License-Identifier: MIT
#include "app/units.h"

#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "app/quantity.h"

namespace millrace::app {
namespace {

std::optional<uint64_t> nanoseconds_of(std::string_view unit) {
  struct Unit {
    std::string_view name;
    uint64_t nanoseconds;
  };

  static constexpr std::array<Unit, 6> units = {{{"ns", 1},
                                                 {"us", 1'000},
                                                 {"ms", 1'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"min", 60'000'000'000},
                                                 {"h", 3'600'000'000'000}}};
  for (const Unit& candidate : units) {
    if (candidate.name == unit) return candidate.nanoseconds;
  }
  return std::nullopt;
}

std::optional<uint64_t> bytes_of(std::string_view unit) {
  struct Unit {
    std::string_view name;
    uint64_t bytes;
  };

  // Short forms are the binary ones, in either case; kB and its kin count in thousands.
  static constexpr std::array<Unit, 19> units = {{{"", 1},
                                                  {"k", 1ULL << 10},
                                                  {"K", 1ULL << 10},
                                                  {"m", 1ULL << 20},
                                                  {"M", 1ULL << 20},
                                                  {"g", 1ULL << 30},
                                                  {"G", 1ULL << 30},
                                                  {"t", 1ULL << 40},
                                                  {"T", 1ULL << 40},
                                                  {"KB", 1'000},
                                                  {"B", 1},
                                                  {"kB", 1'000},
                                                  {"MB", 1'000'000},
                                                  {"GB", 1'000'000'000},
                                                  {"TB", 1'000'000'000'000},
                                                  {"KiB", 1ULL << 10},
                                                  {"MiB", 1ULL << 20},
                                                  {"GiB", 1ULL << 30},
                                                  {"TiB", 1ULL << 40}}};
  for (const Unit& candidate : units) {
    if (candidate.name == unit) return candidate.bytes;
  }
  return std::nullopt;
}

/// 1001ths where the number is one of the customary short forms.
std::optional<Fraction> ntsc_rate(std::string_view text) {
  struct Abbreviation {
    std::string_view text;
    int64_t thousands;
  };

  static constexpr std::array<Abbreviation, 7> known = {{{"23.976", 24},
                                                         {"23.98", 24},
                                                         {"29.97", 30},
                                                         {"47.952", 48},
                                                         {"59.94", 60},
                                                         {"119.88", 120},
                                                         {"239.76", 240}}};
  for (const Abbreviation& candidate : known) {
    if (candidate.text == text) return Fraction{candidate.thousands * 1000, 1001};
  }
  return std::nullopt;
}

/// In lowest terms, whatever its size.
struct Ratio {
  uint64_t num = 0;
  uint64_t den = 1;
};

std::optional<Ratio> ratio(std::string_view text) {
  Ratio parsed;
  if (const size_t slash = text.find('/'); slash != std::string_view::npos) {
    const auto upper = whole_number(text.substr(0, slash));
    const auto lower = whole_number(text.substr(slash + 1));
    if (!upper || !lower) return std::nullopt;
    parsed = {*upper, *lower};
  } else {
    const auto number = decimal(text);
    if (!number) return std::nullopt;
    parsed = {number->digits, number->scale};
  }
  const uint64_t common = std::gcd(parsed.num, parsed.den);
  if (common > 1) parsed = {parsed.num / common, parsed.den / common};
  return parsed;
}

Failure refuse_rate(std::string_view text, std::string_view why) {
  return refuse("frame rate", text,
                fmt::format("{}; rates are 1/1000 to 1000 frames a second", why),
                "30, 59.94 or 30000/1001");
}

constexpr std::string_view too_low = "it is too small";
constexpr std::string_view too_high = "it is too large";

/// Says of a number that is no ratio what else is wrong with it: TOML writes small ones as 1e-12.
Failure refuse_other_number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  const bool number = status == std::errc() && stop == end;
  if (number && value <= 0) return refuse_rate(text, "it must be more than 0");
  if (number && value < 0.001) return refuse_rate(text, too_low);
  if (number && value > 1000) return refuse_rate(text, too_high);
  return refuse_rate(text, "it is no number and no ratio of two");
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  constexpr std::string_view example = "5s, 500ms, 1.5min or 2h";
  const auto parsed = quantity(text);
  if (!parsed) return refuse("duration", text, "it is not a number with a unit", example);
  if (parsed->unit.empty()) return refuse("duration", text, "the unit is missing", example);
  const auto factor = nanoseconds_of(parsed->unit);
  if (!factor) {
    return refuse("duration", text, fmt::format("\"{}\" is no unit of time", parsed->unit),
                  example);
  }
  const auto value = scaled(parsed->number, *factor);
  constexpr uint64_t most = 1000 * 3'600'000'000'000ULL;
  if (!value || *value > most) return refuse("duration", text, "it is more than 1000 h", example);
  if (*value == 0) return refuse("duration", text, "it must be more than 0", example);
  return Duration(static_cast<int64_t>(*value));
}

Result<Size> parse_size(std::string_view text) {
  constexpr std::string_view example = "1920x1080";
  const size_t cross = text.find_first_of("xX");
  if (cross == std::string_view::npos) {
    return refuse("size", text, "it has no x between width and height", example);
  }
  const auto width = whole_number(text.substr(0, cross));
  const auto height = whole_number(text.substr(cross + 1));
  if (!width || !height) {
    return refuse("size", text, "width and height must be whole numbers", example);
  }
  if (*width == 0 || *height == 0) {
    return refuse("size", text, "width and height must be at least 1", example);
  }
  if (*width > largest_side || *height > largest_side) {
    return refuse("size", text,
                  fmt::format("H.264 ends at {0}x{0}, and {1}x{2} is beyond it", largest_side,
                              *width, *height),
                  example);
  }
  return Size{static_cast<uint32_t>(*width), static_cast<uint32_t>(*height)};
}

Result<Fraction> parse_rate(std::string_view text) {
  if (const auto ntsc = ntsc_rate(text)) return *ntsc;
  const auto rate = ratio(text);
  if (!rate) return refuse_other_number(text);
  if (rate->den == 0) return refuse_rate(text, "its denominator is 0");
  if (rate->num == 0) return refuse_rate(text, "it must be more than 0");
  // num > 1000 x den and 1000 x num < den, without a product that could wrap.
  if ((rate->num - 1) / rate->den >= 1000) return refuse_rate(text, too_high);
  // Below it the times of a few frames would leave the 64 bits that nanoseconds have.
  if (rate->num <= (rate->den - 1) / 1000) return refuse_rate(text, too_low);
  // Both must fit the 32 bits that container and codec headers give them.
  constexpr uint64_t most = std::numeric_limits<int32_t>::max();
  if (rate->num > most || rate->den > most) {
    return refuse_rate(text, fmt::format("as a ratio it is {}/{}, with parts beyond {}", rate->num,
                                         rate->den, most));
  }
  return Fraction{static_cast<int64_t>(rate->num), static_cast<int64_t>(rate->den)};
}

Result<uint32_t> parse_bitrate(std::string_view text) {
  constexpr std::string_view example = "8M, 500k or 128000";
  const auto parsed = quantity(text);
  if (!parsed) return refuse("bit rate", text, "it is no number", example);
  uint64_t factor = 1;
  if (parsed->unit == "k") factor = 1'000;
  if (parsed->unit == "M") factor = 1'000'000;
  if (parsed->unit == "G") factor = 1'000'000'000;
  if (factor == 1 && !parsed->unit.empty()) {
    return refuse("bit rate", text, fmt::format("\"{}\" is none of k, M and G", parsed->unit),
                  example);
  }
  const auto value = scaled(parsed->number, factor);
  if (!value || *value > std::numeric_limits<uint32_t>::max()) {
    return refuse("bit rate", text, "it is more than 4294967295 bits a second", example);
  }
  if (*value < 1000) {
    return refuse("bit rate", text, "it is less than 1000 bits a second", example);
  }
  return static_cast<uint32_t>(*value);
}

Result<uint64_t> parse_bytes(std::string_view text) {
  constexpr std::string_view example = "256MiB, 1.5GiB, 500MB or 0";
  constexpr uint64_t most = uint64_t{1} << 60;
  const auto parsed = quantity(text);
  if (!parsed) return refuse("number of bytes", text, "it is no number", example);
  const auto factor = bytes_of(parsed->unit);
  if (!factor) {
    return refuse("number of bytes", text, fmt::format("\"{}\" is no unit of it", parsed->unit),
                  example);
  }
  const auto value = scaled(parsed->number, *factor);
  if (value && *value <= most) return *value;
  return refuse("number of bytes", text, "it is more than 2^60 bytes", example);
}

Result<uint64_t> parse_count(std::string_view text, uint64_t least, uint64_t most) {
  const std::string range = fmt::format("a number from {} to {}", least, most);
  const auto value = whole_number(text);
  if (!value) return refuse("whole number", text, "it has to be digits that fit", range);
  if (*value < least || *value > most) {
    return refuse("number for this", text, "it is out of range", range);
  }
  return *value;
}

Result<bool> parse_flag(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return refuse("flag", text, "it is neither", "true or false");
}

Result<Keyint> parse_keyint(std::string_view text) {
  if (whole_number(text)) {
    const uint64_t frames = MILLRACE_TRY(parse_count(text, 1, longest_keyint));
    return Keyint(static_cast<uint32_t>(frames));
  }
  return Keyint(MILLRACE_TRY(parse_duration(text)));
}

Result<uint32_t> frames_of(const Keyint& keyint, Fraction rate) {
  if (const auto* frames = std::get_if<uint32_t>(&keyint)) return *frames;
  const std::chrono::duration<double> distance = std::get<Duration>(keyint);
  const double frames = distance.count() * rate.value() + 0.5;
  if (frames < longest_keyint + 1.0) return std::max<uint32_t>(1, static_cast<uint32_t>(frames));
  return fail(
      ErrorKind::usage,
      fmt::format("at {} frames a second it is {:.0f} frames from one key frame to the next, "
                  "and {} is the most",
                  to_string(rate), frames - 0.5, longest_keyint),
      "write it like 60 (frames) or 2s");
}

std::string to_string(Size size) {
  return fmt::format("{}x{}", size.width, size.height);
}

std::string bytes_text(uint64_t bytes) {
  constexpr std::array<std::string_view, 5> units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  auto value = static_cast<double>(bytes);
  while (value >= 1024 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  const bool round = unit == 0 || value >= 100;
  return fmt::format("{:.{}f} {}", value, round ? 0 : 1, units[unit]);
}

std::string to_string(Fraction rate) {
  if (rate.den == 1) return fmt::format("{}", rate.num);
  return fmt::format("{}/{}", rate.num, rate.den);
}

}  // namespace millrace::app
