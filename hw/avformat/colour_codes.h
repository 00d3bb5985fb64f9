// SPDX-License-Identifier: MIT
// Colour in libav's enums. Both count in the code points of ITU-T H.273; only the range differs.
#pragma once

extern "C" {
#include <libavutil/pixfmt.h>
}

#include "engine/format/colour.h"

namespace millrace::avformat {

struct AvColour {
  AVColorRange range = AVCOL_RANGE_UNSPECIFIED;
  AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
  AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
  AVColorSpace matrix = AVCOL_SPC_UNSPECIFIED;
};

[[nodiscard]] AvColour to_av(const Colour& colour);

/// Code points that we have no name for become `unspecified`.
[[nodiscard]] Colour from_av(const AvColour& colour);

}  // namespace millrace::avformat
