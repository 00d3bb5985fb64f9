// SPDX-License-Identifier: MIT
#include "hw/avformat/dpb.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::avformat {
namespace {

struct Level {
  int level;  ///< level_idc
  uint64_t max_dpb_macroblocks;
};

// ITU-T H.264, table A-1, MaxDpbMbs.
constexpr Level levels[] = {{9, 396},     {10, 396},    {11, 900},    {12, 2376},   {13, 2376},
                            {20, 2376},   {21, 4752},   {22, 8100},   {30, 8100},   {31, 18000},
                            {32, 20480},  {40, 32768},  {41, 32768},  {42, 34816},  {50, 110400},
                            {51, 184320}, {52, 184320}, {60, 696320}, {61, 696320}, {62, 696320}};

constexpr uint64_t most_frames = 16;

struct Codec {
  AVCodecID id;
  uint64_t count;
  const char* source;
};

// Beside H.264; the last row stands for all others: two references, one to show, one to write.
constexpr Codec codecs[] = {
    {AV_CODEC_ID_HEVC, 18, "ITU-T H.265, A.4.2: up to 16 pictures; one to show, one to write"},
    {AV_CODEC_ID_VP9, 10, "VP9: 8 reference slots; one to show, one to write"},
    {AV_CODEC_ID_AV1, 10, "AV1: 8 reference slots; one to show, one to write"},
    {AV_CODEC_ID_VP8, 5, "VP8: 3 references; one to show, one to write"},
    {AV_CODEC_ID_NONE, 5, "libavcodec: 3 references; one to show, one to write"},
};

}  // namespace

uint64_t h264_dpb_frames(int level, int width, int height) {
  const uint64_t macroblocks = (static_cast<uint64_t>(std::max(width, 1)) + 15) / 16 *
                               ((static_cast<uint64_t>(std::max(height, 1)) + 15) / 16);
  for (const Level& row : levels) {
    if (row.level == level) {
      return std::clamp<uint64_t>(row.max_dpb_macroblocks / macroblocks, 1, most_frames);
    }
  }
  return most_frames;
}

HeldPictures held_pictures(const AVCodecContext& context) {
  if (context.codec_id == AV_CODEC_ID_H264) {
    const uint64_t frames = h264_dpb_frames(context.level, context.width, context.height);
    // libavcodec counts references and pictures that wait to be shown apart, each up to the DPB's.
    return {2 * frames + 2, fmt::format("ITU-T H.264, table A-1, level {}: {} references, as many "
                                        "to show later; one to show, one to write",
                                        context.level, frames)};
  }
  for (const Codec& codec : codecs) {
    if (codec.id == context.codec_id) return {codec.count, codec.source};
  }
  const Codec& other = codecs[std::size(codecs) - 1];
  return {other.count, other.source};
}

}  // namespace millrace::avformat
