// SPDX-License-Identifier: MIT
// libx264 at a constant quantiser. In the constant form, the ip factor sets key pictures apart from
// the others: x264 takes qp - 6 log2(factor) for them. In the form by picture, x264's CRF mode with
// its curve flattened (qcompress 1), no adaptive quantisation and no look-ahead codes every picture
// at exactly the `crf` that was set before it.
#include "hw/softva/encoder_options.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <thread>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace millrace::softva {
namespace {

constexpr int max_qp = 51;

/// x264 takes quantiser 0 as "lossless", which is another profile.
int lossy(int qp) {
  return std::clamp(qp, 1, max_qp);
}

const char* preset(int quality) {
  constexpr const char* best_first[] = {"slower", "slow",      "medium",   "fast",
                                        "faster", "superfast", "ultrafast"};
  constexpr const char* ours = "veryfast";
  return quality >= 1 && quality <= 7 ? best_first[quality - 1] : ours;
}

const char* profile_name(VAProfile profile) {
  switch (profile) {
    case VAProfileH264ConstrainedBaseline:
      return "baseline";
    case VAProfileH264Main:
      return "main";
    default:
      return "high";
  }
}

/// Slices, not frames, in parallel: no delay. Below four rows of macroblocks a slice costs more
/// bits than it saves time.
int thread_count(uint32_t height) {
  constexpr uint32_t rows_worth_a_thread = 64;
  const uint32_t cores = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<int>(std::clamp(height / rows_worth_a_thread, 1U, std::min(cores, 16U)));
}

void set(AVCodecContext& context, const char* name, std::string_view value) {
  av_opt_set(context.priv_data, name, std::string(value).c_str(), 0);
}

void set_x264_options(AVCodecContext& context, const StreamSettings& stream) {
  set(context, "preset", preset(stream.quality));
  set(context, "tune", "zerolatency");
  set(context, "profile", profile_name(stream.profile));
  set(context, "forced-idr", "1");
  set(context, "sc_threshold", "0");
  set(context, "coder", stream.cabac ? "cabac" : "cavlc");
  set(context, "8x8dct", stream.transform_8x8 ? "1" : "0");
  set(context, "weightp", "none");
}

void set_openh264_options(AVCodecContext& context, const StreamSettings& stream) {
  set(context, "profile",
      stream.profile == VAProfileH264ConstrainedBaseline ? "constrained_baseline" : "high");
  set(context, "coder", stream.cabac ? "cabac" : "cavlc");
  set(context, "allow_skip_frames", "0");
  context.pix_fmt = AV_PIX_FMT_YUV420P;
}

void set_x264_quantisers(AVCodecContext& context, const Quantisers& quantisers) {
  const int key = lossy(quantisers.key);
  set(context, "aq-mode", "none");
  set(context, "mbtree", "0");
  context.qmin = 0;
  context.qmax = max_qp;
  context.max_qdiff = max_qp;
  context.i_quant_factor = 1;
  if (quantisers.form == Quantisers::Form::by_picture) {
    set(context, "crf", std::to_string(key));
    context.qcompress = 1;
    return;
  }
  const int inter = lossy(quantisers.inter);
  set(context, "qp", std::to_string(inter));
  context.i_quant_factor = static_cast<float>(std::exp2(static_cast<double>(key - inter) / 6));
}

void set_openh264_quantisers(AVCodecContext& context, const Quantisers& quantisers) {
  set(context, "rc_mode", "off");
  context.qmin = context.qmax = lossy(quantisers.inter);
}

}  // namespace

void set_stream_options(AVCodecContext& context, const StreamSettings& stream) {
  // Their messages would go to the client's terminal; ours go through libva's callbacks.
  context.log_level_offset = AV_LOG_TRACE;
  context.width = static_cast<int>(stream.width);
  context.height = static_cast<int>(stream.height);
  context.pix_fmt = AV_PIX_FMT_NV12;
  context.time_base = {static_cast<int>(stream.fps.den), static_cast<int>(stream.fps.num)};
  context.framerate = {static_cast<int>(stream.fps.num), static_cast<int>(stream.fps.den)};
  context.sample_aspect_ratio = {static_cast<int>(stream.pixel_aspect.num),
                                 static_cast<int>(stream.pixel_aspect.den)};
  context.level = stream.level;
  context.max_b_frames = 0;
  context.refs = 1;
  context.gop_size = INT32_MAX;
  context.keyint_min = 1;
  context.thread_count = thread_count(stream.height);
  context.thread_type = FF_THREAD_SLICE;
  if (stream.encoder == "libx264")
    set_x264_options(context, stream);
  else
    set_openh264_options(context, stream);
}

void set_bit_rates(AVCodecContext& context, const RateControl& rate) {
  context.bit_rate = rate.target_bits;
  context.rc_max_rate = rate.peak_bits;
  context.rc_buffer_size = static_cast<int>(std::min<int64_t>(rate.window_bits, INT32_MAX));
  context.rc_initial_buffer_occupancy =
      static_cast<int>(std::min<int64_t>(rate.initial_bits, rate.window_bits));
}

void set_rate_options(AVCodecContext& context, const EncoderSettings& settings) {
  const bool x264 = settings.stream.encoder == "libx264";
  if (settings.rate.mode == VA_RC_CQP) {
    if (x264)
      set_x264_quantisers(context, settings.quantisers);
    else
      set_openh264_quantisers(context, settings.quantisers);
    return;
  }
  set_bit_rates(context, settings.rate);
  if (settings.rate.min_qp > 0) context.qmin = std::min(settings.rate.min_qp, max_qp);
  if (settings.rate.max_qp > 0) context.qmax = std::min(settings.rate.max_qp, max_qp);
  if (x264 && settings.rate.filler) set(context, "nal-hrd", "cbr");
  if (!x264) set(context, "rc_mode", "bitrate");
}

void set_next_quantiser(AVCodecContext& context, int qp) {
  av_opt_set_double(context.priv_data, "crf", lossy(qp), 0);
}

int packet_quantiser(const AVPacket& packet) {
  size_t size = 0;
  const uint8_t* const stats = av_packet_get_side_data(&packet, AV_PKT_DATA_QUALITY_STATS, &size);
  if (stats == nullptr || size < sizeof(uint32_t)) return 0;
  const uint32_t quality = stats[0] | static_cast<uint32_t>(stats[1]) << 8U |
                           static_cast<uint32_t>(stats[2]) << 16U |
                           static_cast<uint32_t>(stats[3]) << 24U;
  return static_cast<int>(quality / FF_QP2LAMBDA);
}

}  // namespace millrace::softva
