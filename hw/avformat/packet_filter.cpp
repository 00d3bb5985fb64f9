// SPDX-License-Identifier: MIT
#include "hw/avformat/packet_filter.h"

extern "C" {
#include <libavutil/opt.h>
}

#include "hw/avformat/av_error.h"
#include "hw/avformat/colour_codes.h"

namespace millrace::avformat {
namespace {

constexpr const char* act = "write the colour into the H.264 headers";

int set_colour(AVBSFContext& filter, const Colour& colour) {
  const AvColour codes = to_av(colour);
  int failed = av_opt_set_int(filter.priv_data, "colour_primaries", codes.primaries, 0);
  failed |= av_opt_set_int(filter.priv_data, "transfer_characteristics", codes.transfer, 0);
  failed |= av_opt_set_int(filter.priv_data, "matrix_coefficients", codes.matrix, 0);
  if (colour.range != ColourRange::unspecified) {
    const int full = colour.range == ColourRange::full ? 1 : 0;
    failed |= av_opt_set_int(filter.priv_data, "video_full_range_flag", full, 0);
  }
  return failed;
}

}  // namespace

Result<PacketFilter> PacketFilter::create(const PacketFormat& stream) {
  const AVBitStreamFilter* const kind = av_bsf_get_by_name("h264_metadata");
  if (kind == nullptr) {
    return fail(ErrorKind::unavailable,
                std::string(act) + ": this libavcodec has no bitstream filter h264_metadata",
                "Install Debian's libavcodec, or drop --matrix and --range.");
  }
  AVBSFContext* made = nullptr;
  if (const int code = av_bsf_alloc(kind, &made); code < 0) {
    return fail_av(ErrorKind::internal, act, code);
  }
  FilterHandle filter(made);
  filter->par_in->codec_type = AVMEDIA_TYPE_VIDEO;
  filter->par_in->codec_id = AV_CODEC_ID_H264;
  if (const int code = set_colour(*filter, stream.colour); code < 0) {
    return fail_av(ErrorKind::internal, act, code);
  }
  if (const int code = av_bsf_init(filter.get()); code < 0) {
    return fail_av(ErrorKind::internal, act, code);
  }
  return PacketFilter(std::move(filter));
}

Result<> PacketFilter::apply(AVPacket& packet) {
  // A packet that only borrows its bytes is copied by the filter: compressed bytes, once.
  int code = av_bsf_send_packet(filter_.get(), &packet);
  if (code >= 0) code = av_bsf_receive_packet(filter_.get(), &packet);
  if (code < 0) return fail_av(ErrorKind::internal, act, code);
  return {};
}

}  // namespace millrace::avformat
