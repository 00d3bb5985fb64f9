// SPDX-License-Identifier: MIT
// What is known of a frame goes with it through a whole pipeline: past a copy and a conversion.
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/region_of_interest_meta.h"
#include "engine/run/pipeline.h"
#include "hw/libyuv/convert_stage.h"
#include "tests/fake/fake_stages.h"

namespace millrace::yuv {
namespace {

constexpr VideoFormat drawn{.format = PixelFormat::bgrx, .width = 64, .height = 32};
constexpr VideoFormat wanted{.format = PixelFormat::nv12, .width = 128, .height = 64};

RegionOfInterestMeta face(const Rect& rect) {
  return {.rect = rect, .type = "face", .id = 7, .params = {{"sure", 0.5}}};
}

const ReferenceTimestampMeta satellite{"gps", Duration(5), std::nullopt, {}};

/// Two frames in memfds, of which something is known.
class KnowingSource final : public Stage {
 public:
  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::source};
    offer.ports.push_back(fake::frame_port("out", Direction::output, drawn));
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (made_++ == 2) return Flow::end;
    MILLRACE_TRY(work.output->add(TraceMeta{}));
    MILLRACE_TRY(work.output->add(face({8, 10, 16, 12})));
    MILLRACE_TRY(work.output->add(satellite));
    work.emit(std::move(work.output));
    return Flow::next;
  }

 private:
  int made_ = 0;
};

/// Takes frames in host memory alone, so that the plan has to copy memfds for it.
class HostOnly final : public Stage {
 public:
  StageOffer describe() const override {
    StageOffer offer = pass_.describe();
    for (PortOffer& port : offer.ports) {
      port.alternatives[0].memory.heaps = {{"host", documented("test: host memory alone")}};
    }
    return offer;
  }

  Result<Answer> decide_allocation(const Decision& decision) override {
    return pass_.decide_allocation(decision);
  }

  Result<Flow> process(Work& work) override { return pass_.process(work); }

 private:
  fake::PassThrough pass_{{}, {}, drawn};
};

/// What a frame said of itself at the end.
struct Known {
  VideoMeta video;
  TraceMeta trace;
  std::optional<RegionOfInterestMeta> face;
  std::optional<ReferenceTimestampMeta> satellite;
  size_t metas = 0;
};

class Reader final : public Stage {
 public:
  explicit Reader(std::vector<Known>& frames) : frames_(frames) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::sink};
    offer.ports.push_back(fake::frame_port("in", Direction::input, wanted));
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (!work.input) return Flow::end;
    const Buffer& frame = *work.input;
    Known known{.video = *frame.video(), .metas = frame.metas().count()};
    if (const auto* const trace = frame.find<TraceMeta>()) known.trace = *trace;
    if (const auto* const face = frame.find<RegionOfInterestMeta>()) known.face = *face;
    if (const auto* const time = frame.find<ReferenceTimestampMeta>()) known.satellite = *time;
    frames_.push_back(known);
    return Flow::next;
  }

 private:
  std::vector<Known>& frames_;
};

Result<std::unique_ptr<Pipeline>> make(std::vector<Known>& frames) {
  Graph graph;
  MILLRACE_TRY(graph.add("source", std::make_unique<KnowingSource>()));
  MILLRACE_TRY(graph.add("host", std::make_unique<HostOnly>()));
  std::unique_ptr<Stage> convert = MILLRACE_TRY(ConvertStage::create({drawn, wanted}));
  MILLRACE_TRY(graph.add("convert", std::move(convert)));
  MILLRACE_TRY(graph.add("sink", std::make_unique<Reader>(frames)));
  MILLRACE_TRY(graph.link("source.out", "host.in", fake::depth(2)));
  MILLRACE_TRY(graph.link("host.out", "convert.in", fake::depth(2)));
  MILLRACE_TRY(graph.link("convert.out", "sink.in", fake::depth(2)));
  return Pipeline::create(std::move(graph), AllocatorSet::standard(), {.validate = true});
}

TEST(CarriedMetas, go_past_a_copy_and_a_conversion_and_move_with_the_picture) {
  std::vector<Known> frames;
  const auto pipeline = make(frames);
  ASSERT_TRUE(pipeline) << pipeline.error().what;
  ASSERT_EQ((*pipeline)->plan().edges.at(0).verdict, Verdict::copied);

  const Result<> ran = (*pipeline)->run({});

  ASSERT_TRUE(ran) << ran.error().what;
  ASSERT_EQ(frames.size(), 2U);
  for (const Known& frame : frames) {
    EXPECT_EQ(frame.metas, 4U);
    EXPECT_EQ(frame.video.layout.format, PixelFormat::nv12);
    EXPECT_EQ(frame.video.width, 128U);
    EXPECT_EQ(frame.face, face({16, 20, 32, 24}));
    EXPECT_EQ(frame.satellite, satellite);
    EXPECT_GE(frame.trace.kept(), 4U) << "source, host, convert and sink";
  }
}

}  // namespace
}  // namespace millrace::yuv
