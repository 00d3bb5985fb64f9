// SPDX-License-Identifier: MIT
#include "engine/format/pixel_format.h"

#include <algorithm>
#include <cctype>

#include "engine/base/check.h"

namespace millrace {
namespace {

consteval uint32_t fourcc(const char (&code)[5]) {
  return static_cast<uint32_t>(code[0]) | static_cast<uint32_t>(code[1]) << 8 |
         static_cast<uint32_t>(code[2]) << 16 | static_cast<uint32_t>(code[3]) << 24;
}

constexpr PlaneFacts none{0, 1, 1};

// clang-format off
constexpr std::array<PixelFormatFacts, 6> table = {{
    {PixelFormat::nv12, "NV12", "",         fourcc("NV12"), 2, {{{1,1,1}, {2,2,2}, none, none}},    8,  false, 2, 2},
    {PixelFormat::i420, "I420", "YUV420P",  fourcc("YU12"), 3, {{{1,1,1}, {1,2,2}, {1,2,2}, none}}, 8,  false, 2, 2},
    {PixelFormat::yuyv, "YUYV", "YUY2",     fourcc("YUYV"), 1, {{{2,1,1}, none, none, none}},       8,  false, 2, 1},
    {PixelFormat::bgrx, "BGRX", "XRGB",     fourcc("XR24"), 1, {{{4,1,1}, none, none, none}},       8,  true,  1, 1},
    {PixelFormat::rgba, "RGBA", "ABGR8888", fourcc("AB24"), 1, {{{4,1,1}, none, none, none}},       8,  true,  1, 1},
    {PixelFormat::p010, "P010", "P010LE",   fourcc("P010"), 2, {{{2,1,1}, {4,2,2}, none, none}},    10, false, 2, 2},
}};

// clang-format on

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

const PixelFormatFacts& facts(PixelFormat format) {
  const auto index = static_cast<size_t>(format);
  MILLRACE_CHECK(index < table.size() && table[index].format == format);
  return table[index];
}

std::span<const PixelFormatFacts> all_pixel_formats() {
  return table;
}

std::optional<PixelFormat> pixel_format_named(std::string_view name) {
  for (const PixelFormatFacts& row : table) {
    if (equal_ignoring_case(name, row.name)) return row.format;
    if (!row.alias.empty() && equal_ignoring_case(name, row.alias)) return row.format;
  }
  return std::nullopt;
}

}  // namespace millrace
