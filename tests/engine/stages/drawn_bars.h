// SPDX-License-Identifier: MIT
// DrawnBars: frames of test:bars without a pipeline: a pool, a decision and calls to `process`.
#pragma once

#include <memory>
#include <stdexcept>
#include <stop_token>
#include <utility>

#include "engine/memory/memfd_allocator.h"
#include "engine/stages/test_bars_source.h"

namespace millrace::test {

/// A test:bars source with its pool, decided as a plan without padding would.
class DrawnBars {
 public:
  explicit DrawnBars(const TestBarsSettings& settings, size_t buffers = 2) {
    auto made = TestBarsSource::create(settings);
    if (!made) throw std::runtime_error(made.error().what);
    source_ = std::move(*made);
    const StageOffer offer = source_->describe();
    video_ = std::get<VideoFormat>(offer.ports.at(0).stream);
    layout_ = tight_layout(video_.format, video_.width, video_.height).take();
    const VideoMeta meta{video_.width, video_.height, layout_};
    pool_ = BufferPool::create(allocator_,
                               {.count = exactly(buffers), .size = layout_.size, .video = meta})
                .take();
    const Decision decision{
        .ports = {{.name = "out", .stream = video_, .layout = layout_, .pool = pool_}},
        .ledger = &ledger_};
    auto answer = source_->decide_allocation(decision);
    if (!answer) throw std::runtime_error(answer.error().what);
  }

  /// The next frame; null when the source ended or a buffer was missing.
  Ref<Buffer> next(std::stop_token stop = {}) {
    Work work;
    work.output = pool_->try_acquire();
    work.stop = std::move(stop);
    if (!work.output) return nullptr;
    auto flow = source_->process(work);
    if (!flow) throw std::runtime_error(flow.error().what);
    return work.emitted;
  }

  [[nodiscard]] const observe::Ledger& ledger() const { return ledger_; }

  [[nodiscard]] const VideoFormat& video() const { return video_; }

  [[nodiscard]] Stage& source() { return *source_; }

 private:
  MemfdAllocator allocator_;
  observe::Ledger ledger_;
  std::unique_ptr<Stage> source_;
  VideoFormat video_;
  Layout layout_;
  Ref<BufferPool> pool_;
};

}  // namespace millrace::test
