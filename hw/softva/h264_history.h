// SPDX-License-Identifier: MIT
// How a picture's parameters must follow from the picture before it.
#pragma once

#include <cstdint>
#include <optional>

#include <va/va.h>

#include "engine/base/result.h"
#include "hw/softva/picture.h"

namespace millrace::softva {

/// What is remembered of the picture before.
struct Predecessor {
  VAEncPictureParameterBufferH264 parameters = {};
  uint16_t idr_pic_id = 0;
};

/// frame_num, idr_pic_id, order count, and that exactly the last reconstruction is referenced.
[[nodiscard]] Result<> compare_with_predecessor(const Picture& picture,
                                                const VAEncSequenceParameterBufferH264& sequence,
                                                const std::optional<Predecessor>& before);

/// The misc buffers: sane numbers, and none that its rate control has no use for.
[[nodiscard]] Result<> check_misc(const StreamParameters& stream, uint32_t rate_control);

}  // namespace millrace::softva
