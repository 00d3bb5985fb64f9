// SPDX-License-Identifier: MIT
// Offers for tests, said in few words.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/graph/negotiation.h"

namespace millrace::test {

template <class T>
Fact<T> fact(T value, Provenance why) {
  return {std::move(value), std::move(why)};
}

inline Fact<uint64_t> number(uint64_t value, std::string raw) {
  return {value, documented(std::move(raw))};
}

inline Fact<bool> yes(std::string raw) {
  return {true, documented(std::move(raw))};
}

inline Fact<StrideDemand> tight_stride(std::string raw) {
  return {{StridePolicy::exact_up, 1}, queried(std::move(raw))};
}

inline Fact<StrideDemand> fixed_stride(uint64_t value, Provenance why) {
  return {{StridePolicy::fixed, value}, std::move(why)};
}

inline FormatChoice takes(PixelFormat format, Modifier modifier = Modifier::linear,
                          uint32_t rank = 0) {
  return {format, modifier, rank, documented("takes " + std::string(to_string(format)))};
}

struct Picture {
  PixelFormat format = PixelFormat::nv12;
  uint32_t width = 0;
  uint32_t height = 0;
};

inline VideoFormat video(const Picture& picture) {
  return {picture.format, picture.width, picture.height, {30, 1}, {}};
}

/// A source whose size the user chose.
inline StageOffer source(const Picture& picture, Alternative alternative = {}) {
  const std::string size =
      "--size " + std::to_string(picture.width) + "x" + std::to_string(picture.height);
  alternative.name = "own";
  alternative.layout.visible_width = fact<uint64_t>(picture.width, from_user(size));
  alternative.layout.visible_height = fact<uint64_t>(picture.height, from_user(size));
  if (alternative.layout.formats.empty()) alternative.layout.formats = {takes(picture.format)};
  PortOffer out{.name = "out", .direction = Direction::output, .stream = video(picture)};
  out.alternatives = {std::move(alternative)};
  return {.stage = "source", .kind = StageKind::source, .ports = {out}};
}

inline PortOffer input(std::vector<Alternative> alternatives, StreamFormat stream = VideoFormat{}) {
  PortOffer in{.name = "in", .direction = Direction::input, .stream = std::move(stream)};
  in.alternatives = std::move(alternatives);
  return in;
}

/// A consumer of frames that makes nothing.
inline StageOffer sink(std::vector<Alternative> alternatives, std::string name = "sink") {
  return {
      .stage = std::move(name), .kind = StageKind::sink, .ports = {input(std::move(alternatives))}};
}

inline Alternative import_of(LayoutConstraints layout) {
  return {.name = "import", .layout = std::move(layout)};
}

inline LinkSpec link(std::string from, std::string to, uint64_t depth = 2) {
  return {
      std::move(from), "out", std::move(to), "in", {depth, documented("queue between two lanes")}};
}

inline std::vector<HeapFact> plain_heaps() {
  return {{"memfd", UINT64_MAX, queried("memfd_create: works")},
          {"host", UINT64_MAX, documented("memory of this process")}};
}

inline NegotiationInput input_of(std::vector<StageOffer> stages, std::vector<LinkSpec> links) {
  return {.stages = std::move(stages),
          .links = std::move(links),
          .heaps = plain_heaps(),
          .page_size = {4096, queried("sysconf(_SC_PAGESIZE): 4096")}};
}

/// The plan of a source and a sink; reports the error where there is none.
inline NegotiationInput pair_of(StageOffer producer, StageOffer consumer) {
  LinkSpec only = link(producer.stage, consumer.stage);
  return input_of({std::move(producer), std::move(consumer)}, {std::move(only)});
}

inline Plan expect_plan(const NegotiationInput& input) {
  Result<Plan> plan = negotiate(input);
  if (!plan) {
    ADD_FAILURE() << plan.error().what;
    return {};
  }
  return plan.take();
}

/// The constraints of the encoder that many cases use.
inline LayoutConstraints encoder_layout(uint64_t align, uint64_t coded_width = 16,
                                        uint64_t coded_height = 16) {
  LayoutConstraints layout;
  const std::string raw = "radeonsi linear pitch, GFX9-11";
  for (size_t plane = 0; plane < max_planes; ++plane) {
    layout.stride_align[plane] = number(align, raw);
    layout.offset_align[plane] = number(align, raw);
  }
  layout.coded_align_width = number(coded_width, "coded size in macroblocks");
  layout.coded_align_height = number(coded_height, "coded size in macroblocks");
  return layout;
}

}  // namespace millrace::test
