// SPDX-License-Identifier: MIT
// What the VA settings are called in libavcodec, for each of its encoders that we use.
#pragma once

#include "hw/softva/h264_encoder.h"

namespace millrace::softva {

/// Before opening: size, profile, speed, and everything that makes it one picture in, one out.
void set_stream_options(AVCodecContext& context, const StreamSettings& stream);

/// Before opening: how bits are spent.
void set_rate_options(AVCodecContext& context, const EncoderSettings& settings);

/// While open: libx264 follows from the next picture on.
void set_bit_rates(AVCodecContext& context, const RateControl& rate);

/// While open, before each picture of the form by_picture.
void set_next_quantiser(AVCodecContext& context, int qp);

/// The average quantiser that the encoder reports, 0 where it does not.
[[nodiscard]] int packet_quantiser(const AVPacket& packet);

}  // namespace millrace::softva
