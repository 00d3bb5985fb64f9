// SPDX-License-Identifier: MIT
// StreamFormat: what flows over a port: frames, packets, tensors or sound.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <variant>

#include "engine/base/export.h"
#include "engine/base/time.h"
#include "engine/format/colour.h"
#include "engine/format/pixel_format.h"

namespace millrace {

struct VideoFormat {
  PixelFormat format = PixelFormat::nv12;
  uint32_t width = 0;  ///< visible pixels
  uint32_t height = 0;
  Fraction frame_rate{30, 1};  ///< nominal; the time stamps stand above it
  Colour colour{};
  friend bool operator==(const VideoFormat&, const VideoFormat&) = default;
};

enum class Codec : uint8_t { h264 };

/// Compressed video, one access unit a buffer, Annex B byte stream for H.264.
struct PacketFormat {
  Codec codec = Codec::h264;
  uint32_t width = 0;
  uint32_t height = 0;
  Fraction frame_rate{30, 1};
  Colour colour{};
  bool colour_in_stream = true;  ///< false: the encoder could not write it, the muxer must
  uint64_t max_packet_bytes = 0;
  friend bool operator==(const PacketFormat&, const PacketFormat&) = default;
};

enum class SampleType : uint8_t { f32, f16, i8, i32, s16 };

struct TensorFormat {
  SampleType type = SampleType::f32;
  std::vector<uint32_t> shape;
  friend bool operator==(const TensorFormat&, const TensorFormat&) = default;
};

struct AudioFormat {
  SampleType type = SampleType::s16;
  uint32_t rate = 48000;
  uint32_t channels = 2;
  friend bool operator==(const AudioFormat&, const AudioFormat&) = default;
};

using StreamFormat = std::variant<VideoFormat, PacketFormat, TensorFormat, AudioFormat>;

/// "NV12 1920x1080 30/1 fps", "H.264 1920x1080 …": one line for plans and errors.
[[nodiscard]] MILLRACE_API std::string to_string(const StreamFormat& format);
[[nodiscard]] MILLRACE_API std::string_view to_string(Codec codec);

}  // namespace millrace
