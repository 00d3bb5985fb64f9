// SPDX-License-Identifier: MIT
// Picture: what a client said between vaBeginPicture and vaEndPicture. Contents are copied when
// they are rendered, so the client may change or destroy its buffers at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <va/va.h>
#include <va/va_enc_h264.h>

#include "engine/base/result.h"
#include "hw/softva/buffer.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

struct PackedHeader {
  uint32_t type = 0;  ///< VAEncPackedHeaderType
  uint32_t bit_length = 0;
  bool has_emulation_bytes = false;
  std::vector<uint8_t> bytes;
};

/// What stays as it is until a client sends it again.
struct StreamParameters {
  std::optional<VAEncSequenceParameterBufferH264> sequence;
  std::optional<VAEncMiscParameterRateControl> rate;
  std::optional<VAEncMiscParameterHRD> hrd;
  uint32_t frame_rate = 0;  ///< denominator << 16 | numerator; 0: not said
  uint32_t quality = 0;     ///< 0: not said
};

struct Picture {
  std::shared_ptr<Surface> input;
  VASurfaceID input_id = VA_INVALID_ID;
  bool has_sequence = false;  ///< whether this picture brought the stream's one
  std::optional<VAEncPictureParameterBufferH264> parameters;
  std::vector<VAEncSliceParameterBufferH264> slices;
  std::vector<PackedHeader> packed;
  std::optional<VAEncPackedHeaderParameterBuffer> packed_to_come;
};

/// Takes one buffer of vaRenderPicture. Types that an encoder has no use for are ignored; one that
/// is shorter than its struct is INVALID_PARAMETER.
[[nodiscard]] Result<> take_buffer(Picture& picture, StreamParameters& stream,
                                   const Buffer& buffer);

}  // namespace millrace::softva
