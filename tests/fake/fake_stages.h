// SPDX-License-Identifier: MIT
// Stages without any device, for tests of what moves frames between stages.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/base/mutex.h"
#include "engine/graph/stage.h"

namespace millrace::fake {

inline Alternative plain_alternative(PixelFormat format) {
  Alternative alternative{.name = "any"};
  alternative.layout.formats = {{format, Modifier::linear, 0, documented("fake: its format")}};
  alternative.memory.heaps = {{"memfd", documented("fake: a memfd will do")}};
  return alternative;
}

inline PortOffer frame_port(std::string name, Direction direction, const VideoFormat& video) {
  PortOffer port{.name = std::move(name), .direction = direction, .stream = video};
  Alternative alternative = plain_alternative(video.format);
  if (direction == Direction::output) {
    alternative.layout.visible_width = {video.width, documented("fake: its width")};
    alternative.layout.visible_height = {video.height, documented("fake: its height")};
  }
  port.alternatives = {alternative};
  return port;
}

struct SourceSettings {
  VideoFormat video{.width = 64, .height = 64};
  uint64_t frames = 10;  ///< then Flow::end
  bool blocks = false;   ///< sleeps a moment for each frame on a thread of its own
  uint64_t fail_at = UINT64_MAX;
};

class Source final : public Stage {
 public:
  explicit Source(const SourceSettings& settings) : settings_(settings) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::source, .blocks = settings_.blocks};
    offer.ports.push_back(frame_port("out", Direction::output, settings_.video));
    offer.ports.back().cpu.write = true;
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (made_ == settings_.frames) return Flow::end;
    if (made_ == settings_.fail_at) return fail(ErrorKind::source_lost, "fake source: unplugged");
    if (settings_.blocks) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    WriteView view = MILLRACE_TRY(work.output->write());
    view.bytes()[0] = static_cast<std::byte>(made_);
    work.output->timing.sequence = made_;
    work.output->timing.pts = Duration(std::chrono::milliseconds(10)) * static_cast<int64_t>(made_);
    work.output->timing.captured = now();
    ++made_;
    work.emit(std::move(work.output));
    return Flow::next;
  }

 private:
  SourceSettings settings_;
  uint64_t made_ = 0;
};

/// In place: hands on what it gets, after `touch` had a look at it.
class PassThrough final : public Stage {
 public:
  using Touch = std::function<Result<>(Work&)>;

  explicit PassThrough(Touch touch = {}, observe::CpuAccess declared = {},
                       VideoFormat video = {.width = 64, .height = 64})
      : touch_(std::move(touch)), declared_(declared), video_(video) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::in_place};
    offer.ports.push_back(frame_port("in", Direction::input, video_));
    offer.ports.push_back(frame_port("out", Direction::output, video_));
    for (PortOffer& port : offer.ports) {
      port.cpu = declared_;
      port.alternatives[0].memory.heaps.clear();  // whatever its neighbours take
    }
    return offer;
  }

  Result<Answer> decide_allocation(const Decision& decision) override {
    pool = decision.port("out")->pool;
    return Answer(Accepted{});
  }

  Result<Flow> process(Work& work) override {
    if (!work.input) return Flow::end;
    if (touch_) MILLRACE_TRY(touch_(work));
    if (!work.emitted) work.emit(std::move(work.input));
    return Flow::next;
  }

  Ref<BufferPool> pool;

 private:
  Touch touch_;
  observe::CpuAccess declared_;
  VideoFormat video_;
};

/// Holds up to `depth` frames and emits them in order, as an encoder does that collects later.
class Holder final : public Stage {
 public:
  explicit Holder(size_t depth) : depth_(depth) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::in_place};
    offer.ports.push_back(frame_port("in", Direction::input, {.width = 64, .height = 64}));
    offer.ports[0].alternatives[0].count.hold = {depth_ + 1, documented("fake: holds frames")};
    offer.ports.push_back(frame_port("out", Direction::output, {.width = 64, .height = 64}));
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (work.input) held_.push_back(std::move(work.input));
    if (held_.empty()) return Flow::end;
    if (!work.draining && held_.size() <= depth_) return Flow::next;
    work.emit(std::move(held_.front()));
    held_.pop_front();
    return Flow::next;
  }

 private:
  size_t depth_;
  std::deque<Ref<Buffer>> held_;
};

/// What a Sink saw; outlives the pipeline.
struct Seen {
  Mutex mutex;
  std::vector<uint64_t> sequences MILLRACE_GUARDED_BY(mutex);
  std::atomic<bool> drained{false};
  std::atomic<bool> stopped{false};

  std::vector<uint64_t> take() {
    const Lock lock(mutex);
    return sequences;
  }
};

struct SinkSettings {
  uint64_t fail_at = UINT64_MAX;
  bool blocks = false;
};

class Sink final : public Stage {
 public:
  explicit Sink(Seen& seen, const SinkSettings& settings = {}) : seen_(seen), settings_(settings) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::sink, .blocks = settings_.blocks};
    offer.ports.push_back(frame_port("in", Direction::input, {.width = 64, .height = 64}));
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override {
    if (work.draining) {
      seen_.drained = true;
      return Flow::end;
    }
    const Lock lock(seen_.mutex);
    if (seen_.sequences.size() == settings_.fail_at) {
      return fail(ErrorKind::output_failed, "fake sink: disk full");
    }
    seen_.sequences.push_back(work.input->timing.sequence);
    return Flow::next;
  }

  void stop() noexcept override { seen_.stopped = true; }

 private:
  Seen& seen_;
  SinkSettings settings_;
};

inline Fact<uint64_t> depth(uint64_t frames) {
  return {frames, {"test", "queue", Origin::user, "queue of the test", true}};
}

}  // namespace millrace::fake
