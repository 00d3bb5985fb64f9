// SPDX-License-Identifier: MIT
#include "hw/avformat/decoded_offer.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "hw/avformat/pixel_formats.h"

namespace millrace::avformat {
namespace {

constexpr unsigned most_threads = 4;

// libswscale's rows are written in whole vectors, the largest of which has 64 bytes.
constexpr uint64_t scaler_vector = 64;

Fact<uint64_t> fact(uint64_t value, const std::string& raw) {
  return {value, queried(raw)};
}

uint32_t even(uint32_t side) {
  return side + side % 2;
}

bool is_rgb(AVPixelFormat format) {
  const AVPixFmtDescriptor* const shape = av_pix_fmt_desc_get(format);
  return shape != nullptr && (shape->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

void set_picture(LayoutConstraints& layout, const VideoFormat& video, const std::string& raw) {
  layout.formats.push_back({.format = video.format, .why = queried(raw)});
  layout.visible_width = fact(video.width, raw);
  layout.visible_height = fact(video.height, raw);
}

/// The decoder writes into our buffers: they must be as it would have made them itself.
Alternative decode_alternative(const ClipFacts& facts, const VideoFormat& video, int threads) {
  Alternative way{.name = "decode"};
  set_picture(way.layout, video,
              fmt::format("libavcodec {}: first picture {} {}x{}", facts.decoder,
                          av_name(facts.format), facts.width, facts.height));
  const DecoderNeeds& needs = facts.needs;
  for (size_t index = 0; index < millrace::facts(video.format).plane_count; ++index) {
    const DecoderNeeds::Plane& plane = needs.plane[index];
    way.layout.stride_align[index] = fact(plane.stride_align, needs.source);
    way.layout.stride_min[index] = fact(plane.stride_min, needs.source);
    way.layout.rows_min[index] = fact(plane.rows_min, needs.source);
    way.layout.offset_align[index] = fact(plane.stride_align, needs.source);
  }
  way.layout.tail_pad = fact(needs.tail_bytes, needs.source);
  way.memory.address_align = fact(needs.plane[0].stride_align, needs.source);
  way.memory.address_must_stay = {true, documented("libavcodec: predicts from pictures that it "
                                                   "has handed out")};
  way.count.hold = fact(most_held(facts, threads), fmt::format("{}; 2 for each of {} threads",
                                                               facts.references_source, threads));
  return way;
}

/// libswscale writes NV12 from the decoder's own memory.
Alternative convert_alternative(const ClipFacts& facts, const VideoFormat& video) {
  Alternative way{.name = "convert"};
  set_picture(way.layout, video,
              fmt::format("libswscale: {} {}x{} to NV12 in one pass", av_name(facts.format),
                          facts.width, facts.height));
  const std::string vectors = "libswscale: writes rows in vectors of up to 64 bytes";
  for (size_t index = 0; index < millrace::facts(video.format).plane_count; ++index) {
    way.layout.stride_align[index] = Fact<uint64_t>{scaler_vector, documented(vectors)};
  }
  way.layout.tail_pad = Fact<uint64_t>{scaler_vector, documented(vectors)};
  return way;
}

}  // namespace

int decoder_threads() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, most_threads));
}

uint64_t most_held(const ClipFacts& facts, int threads) {
  return facts.references + 2 * static_cast<uint64_t>(threads);
}

ClipOffer make_offer(const ClipFacts& facts, int threads, const Colour& rgb_target) {
  ClipOffer offer;
  offer.video = {.width = facts.width,
                 .height = facts.height,
                 .frame_rate = facts.rate,
                 .colour = facts.colour};
  offer.remarks = facts.remarks;
  offer.transforms = !facts.why_not_ours.empty();
  if (!facts.rate_known) offer.remarks.push_back("the file names no frame rate: taken as 25/1");
  if (!offer.transforms) {
    offer.video.format = from_av(facts.format).value_or(PixelFormat::i420);
    offer.alternative = decode_alternative(facts, offer.video, threads);
    return offer;
  }
  offer.video.format = PixelFormat::nv12;
  offer.video.width = even(facts.width);
  offer.video.height = even(facts.height);
  if (is_rgb(facts.format)) offer.video.colour = rgb_target;
  offer.alternative = convert_alternative(facts, offer.video);
  offer.remarks.push_back(
      fmt::format("{}: converted to NV12 by libswscale in one pass "
                  "(1 transform, 0 copies)",
                  facts.why_not_ours));
  if (offer.video.width != facts.width || offer.video.height != facts.height) {
    offer.remarks.push_back(fmt::format("odd size {}x{} padded to {}x{} by repeating the edge",
                                        facts.width, facts.height, offer.video.width,
                                        offer.video.height));
  }
  return offer;
}

}  // namespace millrace::avformat
