// SPDX-License-Identifier: MIT
#include "app/desktop_target.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "app/units.h"

namespace millrace::app {
namespace {

/// The whole of `text` as a number; nothing where it is none or does not fit.
template <class Number>
std::optional<Number> whole(std::string_view text, int base = 10) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// X protocol coordinates have 16 bits.
std::optional<int32_t> place(std::string_view text) {
  const std::optional<int32_t> number = whole<int32_t>(text);
  if (!number || *number < INT16_MIN || *number > INT16_MAX) return std::nullopt;
  return number;
}

Result<x11::Target> region(std::string_view id) {
  const size_t x_at = id.find('+');
  const size_t y_at = x_at == std::string_view::npos ? x_at : id.find('+', x_at + 1);
  const Result<Size> size = parse_size(id.substr(0, x_at));
  std::optional<int32_t> x;
  std::optional<int32_t> y;
  if (y_at != std::string_view::npos) {
    x = place(id.substr(x_at + 1, y_at - x_at - 1));
    y = place(id.substr(y_at + 1));
  }
  if (!size || !x || !y) {
    return fail(ErrorKind::usage, fmt::format("\"{}\" is no region", id.substr(0, 80)),
                "write width x height + left + top in pixels, like region:1280x720+0+0");
  }
  return x11::Target{.kind = x11::Target::Kind::region,
                     .region = {*x, *y, size->width, size->height}};
}

Result<x11::Target> window(std::string_view id) {
  const bool hexadecimal = id.starts_with("0x") || id.starts_with("0X");
  const std::optional<uint32_t> number =
      whole<uint32_t>(hexadecimal ? id.substr(2) : id, hexadecimal ? 16 : 10);
  if (!number || *number == 0) {
    return fail(ErrorKind::usage, fmt::format("\"{}\" is no window id", id.substr(0, 80)),
                "write its number, like window:0x3a00007; millrace list sources shows them");
  }
  return x11::Target{.kind = x11::Target::Kind::window, .window = *number};
}

}  // namespace

Result<x11::Target> desktop_target(std::string_view kind, std::string_view id) {
  if (kind == "region") return region(id);
  if (kind == "window") return window(id);
  if (kind != "monitor") return x11::Target{};
  return x11::Target{.kind = x11::Target::Kind::monitor, .monitor = std::string(id)};
}

}  // namespace millrace::app
