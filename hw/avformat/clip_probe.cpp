// SPDX-License-Identifier: MIT
#include "hw/avformat/clip_probe.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

#include "hw/avformat/colour_codes.h"
#include "hw/avformat/decoder.h"
#include "hw/avformat/dpb.h"
#include "hw/avformat/pixel_formats.h"

namespace millrace::avformat {
namespace {

constexpr int most_frames_per_second = 1000;

/// One buffer as the decoder asked for it.
struct Request {
  const uint8_t* start = nullptr;
  int width = 0;
  int height = 0;
};

/// Gives libavcodec's own buffers and remembers them, to see afterwards which the picture lies in.
int watch_request(AVCodecContext* context, AVFrame* frame, int flags) {
  const int code = avcodec_default_get_buffer2(context, frame, flags);
  if (code >= 0) {
    auto& requests = *static_cast<std::vector<Request>*>(context->opaque);
    requests.push_back({frame->data[0], frame->width, frame->height});
  }
  return code;
}

Fraction rate_of(const Demuxer& demuxer, AVFrame& frame, bool& known) {
  const AVRational rate = av_guess_frame_rate(&demuxer.context(), &demuxer.stream(), &frame);
  // A cover picture "has" 90000 frames a second: the clock of its container, not a rate.
  known = rate.num > 0 && rate.den > 0 && rate.num / rate.den <= most_frames_per_second;
  return known ? Fraction{rate.num, rate.den} : Fraction{25, 1};
}

/// Empty when the picture lies where a buffer of ours would have it.
std::string why_not_ours(const AVCodecContext& context, const AVFrame& frame,
                         const std::vector<Request>& requests) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  if (!avformat::from_av(format)) return fmt::format("{} is no format of ours", av_name(format));
  if ((context.codec->capabilities & AV_CODEC_CAP_DR1) == 0) {
    return fmt::format("the decoder {} brings its own memory", context.codec->name);
  }
  const auto same = [&](const Request& request) { return request.start == frame.data[0]; };
  if (std::ranges::none_of(requests, same)) {
    return fmt::format("the decoder {} puts pictures beside the start of a buffer",
                       context.codec->name);
  }
  return {};
}

/// What players do with the picture and we do not.
std::vector<std::string> ignored_wishes(const Demuxer& demuxer, const AVFrame& frame) {
  std::vector<std::string> remarks;
  const uint8_t* const matrix =
      av_stream_get_side_data(&demuxer.stream(), AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  const double angle =
      matrix == nullptr ? 0.0 : av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
  if (std::abs(angle) >= 1.0) {
    remarks.push_back(fmt::format("the file asks for a turn by {:.0f} degrees: not done", -angle));
  }
  const AVRational pixel = frame.sample_aspect_ratio;
  if (pixel.num > 0 && pixel.num != pixel.den) {
    remarks.push_back(
        fmt::format("the file's pixels are {}:{}: recorded as square ones", pixel.num, pixel.den));
  }
  return remarks;
}

Result<ClipFacts> facts_of(Decoder& decoder, AVFrame& frame, const std::vector<Request>& requests) {
  AVCodecContext& context = decoder.context();
  ClipFacts facts;
  facts.width = static_cast<uint32_t>(frame.width);
  facts.height = static_cast<uint32_t>(frame.height);
  facts.format = static_cast<AVPixelFormat>(frame.format);
  facts.colour = from_av(
      AvColour{frame.color_range, frame.color_primaries, frame.color_trc, frame.colorspace});
  if (facts.format == AV_PIX_FMT_YUVJ420P) facts.colour.range = ColourRange::full;
  facts.rate = rate_of(decoder.demuxer(), frame, facts.rate_known);
  if (frame.best_effort_timestamp != AV_NOPTS_VALUE) facts.first_pts = frame.best_effort_timestamp;
  facts.remarks = ignored_wishes(decoder.demuxer(), frame);
  facts.decoder = context.codec->name;
  facts.why_not_ours = why_not_ours(context, frame, requests);
  if (facts.why_not_ours.empty()) {
    const Request& last = requests.back();
    facts.needs = needs_of(context, facts.format, last.width, last.height);
  }
  const HeldPictures held = held_pictures(context);
  facts.references = held.count;
  facts.references_source = held.source;
  return facts;
}

}  // namespace

DecoderNeeds needs_of(AVCodecContext& context, AVPixelFormat format, int width, int height) {
  int aligned_width = width;
  int aligned_height = height;
  int align[AV_NUM_DATA_POINTERS] = {};
  avcodec_align_dimensions2(&context, &aligned_width, &aligned_height, align);
  int strides[4] = {};
  av_image_fill_linesizes(strides, format, aligned_width);
  const AVPixFmtDescriptor* const shape = av_pix_fmt_desc_get(format);
  DecoderNeeds needs;
  int widest = 1;
  for (size_t index = 0; index < max_planes && strides[index] > 0; ++index) {
    const int shift = index == 0 ? 0 : shape->log2_chroma_h;
    const int step = std::max(align[index], 1);
    widest = std::max(widest, step);
    needs.plane[index] = {static_cast<uint64_t>(step), static_cast<uint64_t>(strides[index]),
                          static_cast<uint64_t>(AV_CEIL_RSHIFT(aligned_height, shift))};
  }
  // As libavcodec's own buffers have it: 16 bytes and one vector less a byte behind each plane.
  needs.tail_bytes = static_cast<uint64_t>(16 + widest - 1);
  needs.source = fmt::format("avcodec_align_dimensions2({}x{}): {}x{}, strides of {}", width,
                             height, aligned_width, aligned_height, align[0]);
  return needs;
}

Result<ClipFacts> probe_clip(const std::string& path) {
  Demuxer demuxer = MILLRACE_TRY(Demuxer::open(path));
  std::vector<Request> requests;
  const Decoder::Params params{.threads = 1, .get_buffer = watch_request, .opaque = &requests};
  Decoder decoder = MILLRACE_TRY(Decoder::open(demuxer, params));
  const FrameHandle frame(av_frame_alloc());
  if (!frame || !decoder.next(*frame, {}) || frame->width <= 0 || frame->height <= 0) {
    return fail(ErrorKind::source_lost, fmt::format("decode {}: no picture could be decoded", path),
                "The file is damaged: try to play it, or name another one.");
  }
  return facts_of(decoder, *frame, requests);
}

}  // namespace millrace::avformat
