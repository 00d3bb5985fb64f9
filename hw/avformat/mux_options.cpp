// SPDX-License-Identifier: MIT
#include "hw/avformat/mux_options.h"

#include <cstdint>

extern "C" {
#include <libavutil/dict.h>
}

#include "hw/avformat/colour_codes.h"

namespace millrace::avformat {
namespace {

/// The rate as libav's ratio of ints; 0/1 for one that does not fit.
AVRational rate_of(Fraction rate) {
  if (rate.num <= 0 || rate.den <= 0) return {0, 1};
  if (rate.num > INT32_MAX || rate.den > INT32_MAX) return av_d2q(rate.value(), INT32_MAX);
  return {static_cast<int>(rate.num), static_cast<int>(rate.den)};
}

}  // namespace

const char* muxer_name(Container container) {
  if (container == Container::h264) return "h264";
  return container == Container::mkv ? "matroska" : "mp4";
}

AVDictionary* muxer_options(Container container) {
  AVDictionary* options = nullptr;
  if (container == Container::fmp4) {
    // frag_custom: the muxer says when, as it does for Matroska's clusters.
    av_dict_set(&options, "movflags", "empty_moov+default_base_moof+frag_custom", 0);
  }
  return options;
}

void describe_stream(const PacketFormat& format, const std::string& encoder_tag, AVStream& stream) {
  const AVRational rate = rate_of(format.frame_rate);
  AVCodecParameters& codec = *stream.codecpar;
  const AvColour colour = to_av(format.colour);
  codec.codec_type = AVMEDIA_TYPE_VIDEO;
  codec.codec_id = AV_CODEC_ID_H264;
  codec.width = static_cast<int>(format.width);
  codec.height = static_cast<int>(format.height);
  codec.format = AV_PIX_FMT_YUV420P;
  codec.color_range = colour.range;
  codec.color_primaries = colour.primaries;
  codec.color_trc = colour.transfer;
  codec.color_space = colour.matrix;
  stream.avg_frame_rate = rate;
  stream.r_frame_rate = rate;
  // A wish: with it MP4 counts in whole ticks of the nominal rate; Matroska insists on 1 ms.
  stream.time_base = rate.num > 0 ? av_inv_q(rate) : AVRational{1, 90000};
  if (!encoder_tag.empty()) av_dict_set(&stream.metadata, "encoder", encoder_tag.c_str(), 0);
}

}  // namespace millrace::avformat
