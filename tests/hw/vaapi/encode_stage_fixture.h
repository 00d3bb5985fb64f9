// SPDX-License-Identifier: MIT
// The encode stage between a pool of frames and one of packets, driven as a pipeline does.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/memfd_allocator.h"
#include "engine/memory/system_allocator.h"
#include "hw/vaapi/encode_stage.h"
#include "tests/hw/vaapi/decoded.h"
#include "tests/hw/vaapi/frames.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {

inline EncoderSettings small() {
  EncoderSettings settings{.width = 322, .height = 182};
  settings.colour = bt709_limited;
  return settings;
}

/// A pool of frames on the best way into the encoder, a pool of packets, and the stage between.
class EncodeStageTest : public ::testing::Test {
 protected:
  void open(const std::string& knobs, const EncoderSettings& settings = small()) {
    Result<std::unique_ptr<EncodeStage>> made =
        EncodeStage::create(testing::software_driver(knobs), settings);
    ASSERT_TRUE(made) << made.error().what;
    stage_ = made.take();
    make_pools(settings, way());
    const Result<Answer> answer = decide(way());
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_TRUE(std::holds_alternative<Accepted>(*answer));
  }

  /// The best of the ways that are offered.
  [[nodiscard]] Alternative way() const { return stage_->describe().ports[0].alternatives[0]; }

  Result<Answer> decide(const Alternative& way) {
    Decision decision{.ledger = &ledger_};
    decision.ports.push_back({.name = "in", .pool = frames_});
    decision.ports.back().alternative = way.name;
    if (way.ingest_copy) {
      decision.ports.back().ingest_copy =
          &ledger_.open(observe::MoveKind::copy, "source.out -> encode.in", "test", "cpu");
    }
    decision.ports.push_back({.name = "out", .pool = packets_});
    return stage_->decide_allocation(decision);
  }

  void make_pools(const EncoderSettings& settings, const Alternative& way) {
    MemfdAllocator memfd;
    const LayoutFacts facts{.stride_align = {256, {}}, .rows_align = {32, {}}};
    Result<Layout> layout = importable_layout({settings.width, settings.height}, facts);
    ASSERT_TRUE(layout);
    for (size_t plane = 0; plane < 2 && way.lends; ++plane) {
      layout->plane[plane].stride =
          static_cast<uint32_t>(way.layout.stride_demand[plane]->value.value);
      layout->plane[plane].offset = way.layout.offset_fixed[plane]->value;
      layout->size = way.layout.alloc_max->value;
    }
    Allocator& heap = way.lends ? *stage_->lend(way.memory.heaps.front().value) : memfd;
    Result<Ref<BufferPool>> frames =
        BufferPool::create(heap, {.count = exactly(4),
                                  .size = layout->size,
                                  .video = VideoMeta{settings.width, settings.height, *layout}});
    ASSERT_TRUE(frames) << frames.error().what;
    frames_ = frames.take();
    SystemAllocator system;
    Result<Ref<BufferPool>> packets = BufferPool::create(
        system, {.count = exactly(2), .size = stage_->facts().packets.max_packet_bytes});
    ASSERT_TRUE(packets);
    packets_ = packets.take();
  }

  /// Calls the stage until it wants something new. The error of a call, if there was one.
  Result<> call(Ref<Buffer> frame, bool draining = false) {
    for (;;) {
      Work work;
      work.input = std::move(frame);
      frame = nullptr;
      work.draining = draining;
      work.output = packets_->try_acquire();
      const Flow flow = MILLRACE_TRY(stage_->process(work));
      if (work.emitted) keep(*work.emitted);
      if (flow == Flow::end || (flow == Flow::next && !draining)) return {};
    }
  }

  void keep(const Buffer& packet) {
    const Result<ReadView> view = packet.read();
    ASSERT_TRUE(view);
    const auto* const first = reinterpret_cast<const uint8_t*>(view->bytes().data());
    coded_.emplace_back(first, first + view->bytes().size());
    timings_.push_back(packet.timing);
    keys_.push_back(packet.flags.key);
  }

  Ref<Buffer> next_frame() {
    Ref<Buffer> frame = frames_->try_acquire();
    EXPECT_TRUE(frame);
    testing::paint(*frame, number_);
    frame->timing.sequence = number_;
    frame->timing.pts = std::chrono::milliseconds(33) * number_;
    ++number_;
    return frame;
  }

  Result<> encode(uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) MILLRACE_TRY(call(next_frame()));
    return {};
  }

  void drain() {
    const Result<> drained = call(nullptr, true);
    EXPECT_TRUE(drained) << drained.error().what;
    stage_->stop();
  }

  observe::Ledger ledger_;
  Ref<BufferPool> frames_;
  Ref<BufferPool> packets_;
  std::unique_ptr<EncodeStage> stage_;
  uint64_t number_ = 0;
  std::vector<std::vector<uint8_t>> coded_;
  std::vector<BufferTiming> timings_;
  std::vector<bool> keys_;
};

}  // namespace millrace::vaapi
