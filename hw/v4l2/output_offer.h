// SPDX-License-Identifier: MIT
// What the output stage states about itself: three ways into a V4L2 device. Pure.
//
//   own-buffer  the device lends its buffers, and the stage in front writes into them: 0 copies
//   write       the frame lies as the device wants it, and write(2) copies it: 1 copy
//   gather      the frame lies otherwise: its rows are copied into place, and that is written
#pragma once

#include <string>
#include <string_view>

#include "engine/base/export.h"
#include "engine/graph/offer.h"
#include "hw/v4l2/output_device.h"

namespace millrace::v4l2 {

inline constexpr std::string_view own_buffer_way = "own-buffer";
inline constexpr std::string_view write_way = "write";
inline constexpr std::string_view gather_way = "gather";

/// The heap of the device's own buffers.
inline constexpr std::string_view buffer_heap = "v4l2-buffer";

/// Buffers that the device keeps while the next one is made: one is shown, one waits.
inline constexpr uint64_t kept_buffers = 2;

struct OfferFacts {
  DeviceFacts device;
  Grant grant;
};

[[nodiscard]] MILLRACE_API StageOffer describe_output(const OfferFacts& facts);

}  // namespace millrace::v4l2
