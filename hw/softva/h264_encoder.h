// SPDX-License-Identifier: MIT
// H264Encoder: one opened libavcodec H.264 encoder. What it is opened with never changes, but for
// the bit rates.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <va/va.h>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "hw/softva/coded_buffer.h"
#include "hw/softva/surface.h"

struct AVCodecContext;
struct AVPacket;

namespace millrace::softva {

struct RateControl {
  uint32_t mode = VA_RC_CQP;  ///< VA_RC_CQP, VA_RC_CBR or VA_RC_VBR
  int64_t target_bits = 0;    ///< a second
  int64_t peak_bits = 0;      ///< a second
  int64_t window_bits = 0;    ///< the decoder's buffer
  int64_t initial_bits = 0;   ///< in it at the start; 0: the encoder's choice
  int min_qp = 0;
  int max_qp = 0;  ///< 0: no limit
  bool filler = false;
  friend bool operator==(const RateControl&, const RateControl&) = default;
};

struct StreamSettings {
  uint32_t width = 0;
  uint32_t height = 0;
  VAProfile profile = VAProfileH264High;
  int level = 0;  ///< ten times the level
  bool cabac = true;
  bool transform_8x8 = false;
  int quality = 0;  ///< 1 best … 7 fastest; 0: our choice
  Fraction fps{30, 1};
  Fraction pixel_aspect{0, 1};
  std::string encoder;  ///< libavcodec's name
  friend bool operator==(const StreamSettings&, const StreamSettings&) = default;
};

/// How VA_RC_CQP is held. x264's constant mode is the faster one (it needs no look at half size),
/// but takes one quantiser for key pictures and one for the others, once.
struct Quantisers {
  enum class Form : uint8_t { constant, by_picture };

  Form form = Form::constant;
  int key = 26;
  int inter = 26;  ///< constant form only
};

struct EncoderSettings {
  StreamSettings stream;
  RateControl rate;
  Quantisers quantisers;
};

/// NV12 pixels of at least the stream's size.
struct Pixels {
  std::array<const uint8_t*, 2> data = {};
  std::array<size_t, 2> pitch = {};
};

/// Confined to the context's worker.
class H264Encoder {
 public:
  static Result<std::unique_ptr<H264Encoder>> open(const EncoderSettings& settings);
  ~H264Encoder();
  H264Encoder(const H264Encoder&) = delete;
  H264Encoder& operator=(const H264Encoder&) = delete;

  struct Request {
    bool is_idr = false;
    int qp = 26;  ///< for the form by_picture
  };

  /// One picture in, its coded form out. The pixels are read before the call returns.
  Result<CodedPicture> encode(const Pixels& pixels, Request request);

  /// Other rates from the next picture on.
  void change_rate(const RateControl& rate);

  [[nodiscard]] const EncoderSettings& settings() const { return settings_; }

 private:
  struct FreeContext {
    void operator()(AVCodecContext* context) const;
  };

  struct FreePacket {
    void operator()(AVPacket* packet) const;
  };

  using ContextOwner = std::unique_ptr<AVCodecContext, FreeContext>;

  H264Encoder(ContextOwner context, EncoderSettings settings);
  Result<CodedPicture> receive(bool want_key);

  EncoderSettings settings_;
  ContextOwner context_;
  std::unique_ptr<AVPacket, FreePacket> packet_;
  std::vector<uint8_t> planar_chroma_;
  int64_t next_pts_ = 0;
};

/// The first of libx264 and libopenh264 that libavcodec has, or `only` if it has that; empty where
/// it has none.
[[nodiscard]] std::string choose_h264_encoder(const std::string& only);

}  // namespace millrace::softva
