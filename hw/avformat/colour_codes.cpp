// SPDX-License-Identifier: MIT
#include "hw/avformat/colour_codes.h"

#include <initializer_list>

namespace millrace::avformat {
namespace {

/// The one of `known` with the code point `code`, or `unspecified`.
template <class Ours>
Ours named(int code, std::initializer_list<Ours> known) {
  for (const Ours candidate : known) {
    if (static_cast<int>(candidate) == code) return candidate;
  }
  return Ours::unspecified;
}

ColourRange range_of(AVColorRange range) {
  if (range == AVCOL_RANGE_MPEG) return ColourRange::limited;
  return range == AVCOL_RANGE_JPEG ? ColourRange::full : ColourRange::unspecified;
}

AVColorRange range_of(ColourRange range) {
  if (range == ColourRange::limited) return AVCOL_RANGE_MPEG;
  return range == ColourRange::full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_UNSPECIFIED;
}

}  // namespace

AvColour to_av(const Colour& colour) {
  return {range_of(colour.range), static_cast<AVColorPrimaries>(colour.primaries),
          static_cast<AVColorTransferCharacteristic>(colour.transfer),
          static_cast<AVColorSpace>(colour.matrix)};
}

Colour from_av(const AvColour& colour) {
  using P = ColourPrimaries;
  using T = ColourTransfer;
  using M = ColourMatrix;
  return {range_of(colour.range),
          named(colour.primaries, {P::bt709, P::bt470bg, P::bt601, P::bt2020}),
          named(colour.transfer, {T::bt709, T::bt601, T::srgb, T::bt2020_10, T::pq, T::hlg}),
          named(colour.matrix, {M::rgb, M::bt709, M::bt470bg, M::bt601, M::bt2020})};
}

}  // namespace millrace::avformat
