// SPDX-License-Identifier: MIT
// Which colour the encoded video has: the source's own, as far as the user asks for nothing else.
#pragma once

#include <optional>

#include "engine/base/result.h"
#include "engine/format/colour.h"
#include "engine/format/stream_format.h"

namespace millrace::app {

struct ColourWish {
  std::optional<ColourMatrix> matrix;
  std::optional<ColourRange> range;
};

/// BT.709, limited range, with the wish laid over: for pictures that are made or converted here.
[[nodiscard]] Colour wished_colour(const ColourWish& wish);

/// The colour to encode `source` with. RGB is converted to what is wished. YUV keeps its samples:
/// a wish fills in what the source does not say, and one that contradicts it is refused (`usage`).
[[nodiscard]] Result<Colour> encoded_colour(const VideoFormat& source, const ColourWish& wish);

}  // namespace millrace::app
