// SPDX-License-Identifier: MIT
#include "hw/vaapi/encode_offer.h"

#include <utility>

#include "engine/format/layout.h"
#include "hw/vaapi/encoder.h"
#include "hw/vaapi/surface_allocator.h"

namespace millrace::vaapi {
namespace {

constexpr uint64_t macroblock = 16;

uint64_t in_macroblocks(uint32_t side) {
  return (side + macroblock - 1) / macroblock * macroblock;
}

OptionalNumber number_of(const AttributeFact& fact) {
  if (!fact.value || *fact.value == 0) return std::nullopt;
  return Fact<uint64_t>{*fact.value, fact.why};
}

FormatChoice linear_nv12() {
  return {.format = PixelFormat::nv12,
          .modifier = Modifier::linear,
          .why = documented("vaCreateSurfaces: the encoder reads NV12")};
}

LayoutConstraints size_limits(const SurfaceCaps& caps) {
  LayoutConstraints layout;
  layout.formats = {linear_nv12()};
  layout.width_min = number_of(caps.min_width);
  layout.width_max = number_of(caps.max_width);
  layout.height_min = number_of(caps.min_height);
  layout.height_max = number_of(caps.max_height);
  return layout;
}

/// What an imported picture must be like: the driver's alignments, and the rules that drivers apply
/// silently (surface_import.h).
LayoutConstraints importable(const OfferFacts& facts) {
  LayoutConstraints layout = size_limits(facts.surfaces);
  const Provenance whole_blocks = documented("H.264: hardware reads whole macroblocks of 16x16");
  const uint64_t width = in_macroblocks(facts.video.width);
  const uint64_t height = in_macroblocks(facts.video.height);
  layout.stride_align[0] = facts.layout.stride_align;
  layout.stride_align[1] = facts.layout.stride_align;
  layout.stride_min[0] = {width, whole_blocks};
  layout.stride_equal = {true, documented("iHD reads UV with the stride of Y")};
  layout.rows_align[0] = facts.layout.rows_align;
  layout.rows_min[0] = {height, whole_blocks};
  layout.rows_min[1] = {height / 2, whole_blocks};
  layout.offset_whole_rows = {true, documented("iHD counts the offset of UV in rows")};
  layout.objects = {{ObjectLayout::one, documented("iHD reads the first object only")}};
  return layout;
}

/// More frames than any pipeline holds; each is a surface of the driver's.
constexpr uint64_t most_own_surfaces = 64;

/// Why frames must be copied if they are.
std::string why_copied(const Ladder& ladder) {
  const Rung& import = ladder.rung(import_rung);
  const Rung& own = ladder.rung(own_surface_rung);
  if (import.open || own.open) return "the frames' memory suits no way without a copy";
  return import.reason == own.reason ? import.reason : import.reason + "; " + own.reason;
}

Alternative import_alternative(const OfferFacts& facts) {
  Alternative way{.name = std::string(import_rung), .layout = importable(facts)};
  for (const ImportTrial& trial : facts.ladder.imports) {
    if (trial.passed) way.memory.heaps.push_back({trial.heap, trial.why});
  }
  way.count.hold = {Encoder::depth, documented("vaapi encoder: pictures under way at once")};
  return way;
}

/// What every surface of the driver's is like, and nothing else.
LayoutConstraints own_layout(const OfferFacts& facts, const OwnSurfaceTrial& trial) {
  LayoutConstraints layout = size_limits(facts.surfaces);
  for (size_t index = 0; index < 2; ++index) {
    const PlaneLayout& plane = trial.layout.plane[index];
    layout.stride_demand[index] = {{StridePolicy::fixed, plane.stride}, trial.why};
    layout.offset_fixed[index] = {plane.offset, trial.why};
  }
  layout.objects = {{ObjectLayout::one, trial.why}};
  layout.alloc_max = {trial.layout.size, trial.why};
  return layout;
}

Alternative own_surface_alternative(const OfferFacts& facts, const OwnSurfaceTrial& trial,
                                    std::string_view name, std::string_view heap) {
  Alternative way{.name = std::string(name), .lends = true};
  way.layout = own_layout(facts, trial);
  way.memory.heaps = {{std::string(heap), trial.why}};
  if (trial.reach == Reach::derived) {
    way.memory.moves_between_windows = {true, documented("vaDeriveImage: an image is destroyed "
                                                         "before the surface is encoded")};
  }
  way.count.hold = {Encoder::depth, documented("vaapi encoder: pictures under way at once")};
  way.count.count_max = {most_own_surfaces, documented("vaapi encoder: own surfaces in one pool")};
  return way;
}

/// One, or a better one and the one in reserve.
std::vector<Alternative> own_surface_alternatives(const OfferFacts& facts) {
  const Ladder& ladder = facts.ladder;
  std::vector<Alternative> ways = {
      own_surface_alternative(facts, ladder.own, own_surface_rung, surface_heap)};
  if (ladder.reserve.passed) {
    ways.push_back(own_surface_alternative(facts, ladder.reserve, derived_way, derived_heap));
  }
  return ways;
}

Alternative put_image_alternative(const OfferFacts& facts) {
  Alternative way{.name = std::string(put_image_rung), .cpu = {.read = true}};
  way.layout = size_limits(facts.surfaces);
  way.count.hold = {0, documented("vaapi encoder: a frame is copied before it is let go")};
  way.ingest_copy = IngestCopy{.cause = why_copied(facts.ladder),
                               .engine = "cpu, vaPutImage",
                               .why = facts.ladder.rung(import_rung).why};
  return way;
}

PortOffer input_port(const OfferFacts& facts) {
  PortOffer port{.name = "in", .direction = Direction::input, .stream = facts.video};
  for (const Rung& rung : facts.ladder.rungs) {
    if (!rung.open) continue;
    if (rung.name == import_rung) port.alternatives.push_back(import_alternative(facts));
    if (rung.name == own_surface_rung) {
      for (Alternative& way : own_surface_alternatives(facts)) {
        port.alternatives.push_back(std::move(way));
      }
    }
    if (rung.name == put_image_rung) port.alternatives.push_back(put_image_alternative(facts));
  }
  return port;
}

PortOffer output_port(const OfferFacts& facts) {
  PortOffer port{.name = "out", .direction = Direction::output, .stream = facts.packets};
  Alternative packets{.name = "annex-b"};
  packets.count.hold = {1, documented("vaapi encoder: one packet is being read out")};
  packets.layout.alloc_min = {
      facts.packets.max_packet_bytes,
      documented("vaapi encoder: 3 bytes a pixel and 64 KiB hold any coded picture")};
  port.alternatives = {packets};
  port.cpu.write = true;  // the packet's bytes, out of the coded buffer
  return port;
}

}  // namespace

std::vector<InherentCopy> inherent_copies(const OfferFacts& facts) {
  const uint64_t bytes = payload_bytes(PixelFormat::nv12, facts.video.width, facts.video.height);
  std::vector<InherentCopy> copies;
  copies.push_back({"VA driver: vaPutImage into its surface", bytes,
                    documented("VA-API: vaPutImage copies the image into the surface"),
                    std::string(put_image_rung)});
  for (const OwnSurfaceTrial* own : {&facts.ladder.own, &facts.ladder.reserve}) {
    if (!own->passed || !own->may_be_staged) continue;
    const std::string_view way =
        own == &facts.ladder.own ? own_surface_rung : std::string_view(derived_way);
    copies.push_back({"VA driver: what vaDeriveImage maps may be staged by the driver", bytes,
                      own->why, std::string(way)});
  }
  if (!facts.software.empty()) {
    copies.push_back({facts.software + ": the encoder library's own input copy", bytes,
                      documented("x264 copies each picture into its own padded frame")});
  }
  return copies;
}

StageOffer describe_encoder(const OfferFacts& facts) {
  StageOffer offer{.kind = StageKind::encoder};
  offer.ports = {input_port(facts), output_port(facts)};
  offer.blocks = true;  // it waits for the device
  offer.inherent = inherent_copies(facts);
  offer.remarks = facts.remarks;
  return offer;
}

}  // namespace millrace::vaapi
