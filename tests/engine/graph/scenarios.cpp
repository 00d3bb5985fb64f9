// SPDX-License-Identifier: MIT
#include "tests/engine/graph/scenarios.h"

#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

StageOffer bars(const Picture& picture, uint64_t pinned = 0) {
  const std::string origin =
      pinned == 0 ? "test:bars" : "test:bars;stride=" + std::to_string(pinned);
  Alternative draw;
  draw.layout.formats = {{picture.format, Modifier::linear, 0, from_user("--source " + origin)}};
  draw.count.hold = number(1, "test:bars draws into one buffer at a time");
  for (size_t plane = 0; pinned > 0 && plane < facts(picture.format).plane_count; ++plane) {
    draw.layout.stride_demand[plane] = fixed_stride(pinned, from_user("--source " + origin));
  }
  StageOffer offer = source(picture, draw);
  offer.ports[0].cpu.write = true;
  return offer;
}

/// The software VA driver's encoder, or one that imports from `heaps` only.
Alternative import_into_driver(std::vector<std::string> heaps) {
  LayoutConstraints layout;
  const Fact<uint64_t> pitch{256, queried("vaDeriveImage: pitches in steps of 256")};
  layout.formats = {{PixelFormat::nv12, Modifier::linear, 0, documented("the encoder reads NV12")}};
  layout.stride_align[0] = layout.stride_align[1] = pitch;
  layout.stride_equal = yes("iHD reads UV with the stride of Y");
  layout.offset_whole_rows = yes("iHD counts the offset of UV in rows");
  layout.objects = {fact(ObjectLayout::one, documented("iHD reads the first object only"))};
  Alternative way = import_of(layout);
  for (std::string& heap : heaps) {
    way.memory.heaps.push_back({heap, queried("trial import of " + heap + ": VA_STATUS_SUCCESS")});
  }
  way.count.hold = number(3, "pictures under way at once");
  return way;
}

Alternative put_image() {
  Alternative way{.name = "put-image"};
  way.layout.formats = {
      {PixelFormat::nv12, Modifier::linear, 0, documented("the encoder reads NV12")}};
  way.count.hold = number(0, "a frame is copied before it is let go");
  way.ingest_copy =
      IngestCopy{"the driver imports udmabuf only", "cpu, vaPutImage",
                 queried("trial import of memfd: VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE")};
  return way;
}

/// A driver's surfaces of 322x182, as a trial found them, lent to whoever writes the frames.
Alternative own_surface() {
  const Provenance why{{}, {}, Origin::learned, "trial of an own surface: read back", true};
  Alternative way{.name = "own-surface", .lends = true};
  way.layout.formats = {
      {PixelFormat::nv12, Modifier::linear, 0, documented("the encoder reads NV12")}};
  way.layout.stride_demand[0] = way.layout.stride_demand[1] = fixed_stride(512, why);
  way.layout.offset_fixed[0] = {0, why};
  way.layout.offset_fixed[1] = {uint64_t{512} * 192, why};
  way.layout.objects = {fact(ObjectLayout::one, why)};
  way.layout.alloc_max = {uint64_t{512} * 288, why};
  way.memory.heaps = {{"va-surface", why}};
  way.count.hold = number(2, "pictures under way at once");
  return way;
}

PacketFormat packets_of(const Picture& picture) {
  PacketFormat packets{.width = picture.width, .height = picture.height};
  packets.max_packet_bytes = uint64_t{picture.width} * picture.height * 3 + 65536;
  return packets;
}

StageOffer encoder(const Picture& picture, std::vector<Alternative> ways) {
  const PacketFormat packets = packets_of(picture);
  Alternative bitstream{.name = "annex-b"};
  bitstream.count.hold = number(1, "one packet is being read out");
  bitstream.layout.alloc_min =
      number(packets.max_packet_bytes, "3 bytes a pixel and 64 KiB hold any coded picture");
  PortOffer out{.name = "out", .direction = Direction::output, .stream = packets};
  out.alternatives = {bitstream};
  const VideoFormat frames = video({PixelFormat::nv12, picture.width, picture.height});
  return {.stage = "encode",
          .kind = StageKind::encoder,
          .ports = {input(std::move(ways), frames), out},
          .blocks = true,
          .inherent = {{"libx264: its own input copy",
                        payload_bytes(PixelFormat::nv12, picture.width, picture.height),
                        documented("x264 copies each picture into its own padded frame")}},
          .remarks = {"software VA driver: libx264 encodes"}};
}

StageOffer muxer(const Picture& picture) {
  Alternative packets{.name = "packets"};
  packets.count.hold = number(0, "av_write_frame borrows a packet that is not counted");
  PortOffer port = input({packets}, packets_of(picture));
  port.name = "video0";
  return {.stage = "mux", .kind = StageKind::sink, .ports = {port}};
}

StageOffer converter(const Picture& picture) {
  Alternative read{.name = "read"};
  read.layout.formats = {
      {PixelFormat::bgrx, Modifier::linear, 0, documented("libyuv ARGBToNV12 reads BGRX")}};
  Alternative write{.name = "write"};
  const Provenance why = documented("libyuv ARGBToNV12 writes NV12 of the same size");
  write.layout.formats = {{PixelFormat::nv12, Modifier::linear, 0, why}};
  write.layout.visible_width = fact<uint64_t>(picture.width, why);
  write.layout.visible_height = fact<uint64_t>(picture.height, why);
  PortOffer out{.name = "out", .direction = Direction::output};
  out.stream = video({PixelFormat::nv12, picture.width, picture.height});
  out.alternatives = {write};
  return {.stage = "convert", .kind = StageKind::transform, .ports = {input({read}), out}};
}

StageOffer overlay() {
  Alternative draw{.name = "draw"};
  draw.layout.stride_align[0] = number(16, "SSE2 loads whole vectors");
  PortOffer out{.name = "out", .direction = Direction::output, .stream = VideoFormat{}};
  out.alternatives = {{.name = "same"}};
  return {.stage = "overlay", .kind = StageKind::in_place, .ports = {input({draw}), out}};
}

LinkSpec packet_link() {
  LinkSpec spec = link("encode", "mux", 8);
  spec.to_port = "video0";
  return spec;
}

NegotiationInput recording(StageOffer producer, StageOffer encode, const Picture& picture) {
  return input_of({std::move(producer), std::move(encode), muxer(picture)},
                  {link("source", "encode"), packet_link()});
}

NegotiationInput converted(const Picture& picture) {
  return input_of({bars(picture), converter(picture),
                   encoder(picture, {import_into_driver({"udmabuf", "memfd"})}), muxer(picture)},
                  {link("source", "convert"), link("convert", "encode"), packet_link()});
}

NegotiationInput overlaid(const Picture& picture, uint64_t pinned) {
  return input_of({bars(picture, pinned), overlay(),
                   encoder(picture, {import_into_driver({"memfd"})}), muxer(picture)},
                  {link("source", "overlay", 0), link("overlay", "encode"), packet_link()});
}

NegotiationInput with_user_buffers(NegotiationInput input, uint64_t buffers) {
  input.extra_buffers = fact<uint64_t>(buffers, from_user("--buffers " + std::to_string(buffers)));
  return input;
}

StageOffer camera_of_one_stride(const Picture& picture) {
  Alternative tight;
  tight.layout.stride_demand[0] = tight_stride("VIDIOC_TRY_FMT: asked 1536, granted 1366");
  tight.layout.stride_equal = yes("V4L2 single-planar NV12 has one stride");
  tight.layout.planes_packed = yes("V4L2 single-planar has no offset of chroma");
  tight.count.hold = number(2, "the driver keeps two buffers queued");
  tight.count.count_min = number(4, "VIDIOC_REQBUFS: at least 4");
  return source(picture, tight);
}

}  // namespace

std::vector<Scenario> all_scenarios() {
  const Picture hd{PixelFormat::nv12, 1366, 768};
  const Picture small{PixelFormat::nv12, 322, 182};
  const Picture screen{PixelFormat::bgrx, 1920, 1080};
  const auto memfd_encoder = [](const Picture& picture) {
    return encoder(picture, {import_into_driver({"udmabuf", "memfd"})});
  };
  return {
      {"bars_shared", "Bars are drawn straight into memory that the encoder imports.",
       recording(bars(hd), memfd_encoder(hd), hd)},
      {"bars_pinned_stride", "A pinned stride that the encoder cannot read costs one copy.",
       recording(bars(small, 322), memfd_encoder(small), small)},
      {"rgb_converted", "RGB frames are converted once, in one pass, and never copied.",
       converted(screen)},
      {"driver_copies", "A driver that imports nothing of ours copies by itself.",
       recording(bars(hd), encoder(hd, {import_into_driver({"udmabuf"}), put_image()}), hd)},
      {"surfaces_lent", "An encoder that imports nothing lends its own surfaces: no copy.",
       recording(bars(small),
                 encoder(small, {import_into_driver({"udmabuf"}), own_surface(), put_image()}),
                 small)},
      {"surfaces_lent_to_a_pinned_stride",
       "A pinned stride that the encoder's own surfaces do not have costs one copy into them.",
       recording(bars(small, 322), encoder(small, {own_surface(), put_image()}), small)},
      {"overlay_in_place", "A stage that draws in place belongs to its neighbours' pool.",
       overlaid(hd, 0)},
      {"overlay_pinned_stride", "The copy stands where it costs least: behind what can share.",
       overlaid(small, 336)},
      {"camera_of_one_stride", "A camera whose driver keeps its stride, and an encoder's 256.",
       recording(camera_of_one_stride(hd), memfd_encoder(hd), hd)},
      {"user_buffers", "The user's number of buffers is raised to what is held.",
       with_user_buffers(recording(bars(hd), memfd_encoder(hd), hd), 2)},
  };
}

}  // namespace millrace::test
