// SPDX-License-Identifier: MIT
#include "tests/hw/x11/captured.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/memory/frame_view.h"

namespace millrace::x11::test {
namespace {

template <class T>
T expect(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return result.take();
}

}  // namespace

Captured::Captured(const SourceSettings& settings, bool any_size, size_t buffers)
    : buffers_(buffers), source_(expect(Source::open(settings))) {
  const VideoFormat& video = source_->video();
  const Layout layout = expect(tight_layout(video.format, video.width, video.height));
  Decision::Port port{.name = "out", .stream = video, .layout = layout};
  port.pool = make_pool({video.width, video.height, layout});
  if (any_size) {
    port.replace_pool = [this](const VideoMeta& other) -> Result<Ref<BufferPool>> {
      return make_pool(other);
    };
  }
  expect(source_->decide_allocation({.ports = {port}, .ledger = &ledger_}));
}

Ref<BufferPool> Captured::make_pool(const VideoMeta& video) {
  const PoolConfig config{.count = exactly(buffers_), .size = video.layout.size, .video = video};
  Ref<BufferPool> pool = expect(BufferPool::create(allocator_, config));
  for (const Ref<Memory>& memory : pool->memories()) files_.insert(memory->identity());
  return pool;
}

Result<Ref<Buffer>> Captured::next(std::stop_token stop) {
  Work work;
  work.stop = std::move(stop);
  MILLRACE_TRY(source_->process(work));
  return std::move(work.emitted);
}

std::vector<Captured::Seen> Captured::watch(size_t count) {
  std::vector<Seen> seen;
  while (seen.size() < count) {
    const Ref<Buffer> frame = expect(next());
    if (!frame) throw std::runtime_error("the source has ended");
    seen.push_back({counter(*frame), frame->flags.repeated, frame->timing.sequence});
  }
  return seen;
}

SourceSettings settings_for(const std::string& display, const Target& target) {
  return {.display = display, .target = target, .cursor = false, .frame_rate = {Captured::rate, 1}};
}

Target region(const Area& area) {
  return {.kind = Target::Kind::region, .region = area};
}

Target monitor(const std::string& name) {
  return {.kind = Target::Kind::monitor, .monitor = name};
}

Target window(uint32_t id) {
  return {.kind = Target::Kind::window, .window = id};
}

uint32_t pixel(const Buffer& frame, uint32_t x, uint32_t y) {
  const FrameReadView view = expect(FrameReadView::create(frame));
  const auto at = [&](size_t channel) {
    return std::to_integer<uint32_t>(view.plane(0).row(y)[size_t{x} * 4 + channel]);
  };
  return at(2) << 16 | at(1) << 8 | at(0);
}

std::optional<uint32_t> counter(const Buffer& frame) {
  return counter(frame, {0, 0, frame.video()->width, frame.video()->height});
}

std::optional<uint32_t> counter(const Buffer& frame, const Rect& part) {
  const FrameReadView view = expect(FrameReadView::create(frame));
  BrightnessView bright = brightness_of(PixelFormat::bgrx, view.plane(0), part.width, part.height);
  bright.data += part.y * bright.stride + part.x * bright.step;
  const std::optional<CounterReading> reading = read_counter(bright);
  return reading ? std::optional(reading->frame) : std::nullopt;
}

Result<Ref<Buffer>> last_of(Captured& captured) {
  for (int at = 0; at < 2 * Captured::rate; ++at) {
    Result<Ref<Buffer>> frame = captured.next();
    if (!frame || !*frame) return frame;
  }
  return fail(ErrorKind::timeout, "it goes on and on");
}

void expect_lost(const Result<Ref<Buffer>>& end) {
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, ErrorKind::source_lost) << end.error().what;
  EXPECT_FALSE(end.error().remedy.empty());
}

}  // namespace millrace::x11::test
