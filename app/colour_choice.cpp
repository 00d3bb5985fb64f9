// SPDX-License-Identifier: MIT
#include "app/colour_choice.h"

#include <fmt/format.h>

namespace millrace::app {
namespace {

std::string_view name_of(ColourMatrix matrix) {
  switch (matrix) {
    case ColourMatrix::bt709:
      return "bt709";
    case ColourMatrix::bt470bg:
    case ColourMatrix::bt601:
      return "bt601";
    case ColourMatrix::bt2020:
      return "bt2020";
    default:
      return "unspecified";
  }
}

/// BT.470 BG and BT.601 have the same coefficients (H.273, table 4).
bool same_matrix(ColourMatrix a, ColourMatrix b) {
  return name_of(a) == name_of(b);
}

Failure refuse(std::string_view option, std::string_view asked, std::string_view own) {
  return fail(ErrorKind::usage,
              fmt::format("--{} {}: the source is {}, and YUV frames are not recoloured", option,
                          asked, own),
              fmt::format("leave out --{}", option));
}

}  // namespace

Colour wished_colour(const ColourWish& wish) {
  Colour colour = bt709_limited;
  colour.matrix = wish.matrix.value_or(colour.matrix);
  colour.range = wish.range.value_or(colour.range);
  return colour;
}

Result<Colour> encoded_colour(const VideoFormat& source, const ColourWish& wish) {
  if (facts(source.format).rgb) return wished_colour(wish);
  Colour colour = source.colour;
  if (wish.matrix) {
    const bool known = colour.matrix != ColourMatrix::unspecified;
    if (known && !same_matrix(colour.matrix, *wish.matrix)) {
      return refuse("matrix", name_of(*wish.matrix), name_of(colour.matrix));
    }
    if (!known) colour.matrix = *wish.matrix;
  }
  if (wish.range) {
    const bool known = colour.range != ColourRange::unspecified;
    if (known && colour.range != *wish.range) {
      const bool full = colour.range == ColourRange::full;
      return refuse("range", full ? "limited" : "full", full ? "full" : "limited");
    }
    colour.range = *wish.range;
  }
  return colour;
}

}  // namespace millrace::app
