// SPDX-License-Identifier: MIT
#include "tests/hw/avformat/stand_in.h"

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>

#include "engine/memory/frame_view.h"
#include "engine/memory/memfd_allocator.h"

namespace millrace::avformat::testing {
namespace {

uint64_t value_or(const OptionalNumber& number, uint64_t fallback) {
  return number ? number->value : fallback;
}

uint64_t round_up(uint64_t value, uint64_t step) {
  return (value + step - 1) / step * step;
}

std::string visible_bytes(const Buffer& frame) {
  const auto view = FrameReadView::create(frame);
  std::string bytes;
  for (const PlaneSpan<const std::byte>& plane : view->planes()) {
    for (size_t row = 0; row < plane.rows; ++row) {
      const auto span = plane.row(row);
      bytes.append(reinterpret_cast<const char*>(span.data()), span.size());
    }
  }
  return bytes;
}

void count_moves(const observe::Ledger& ledger, Played& played) {
  played.fills = ledger.moves(observe::MoveKind::fill);
  played.transforms = ledger.moves(observe::MoveKind::transform);
  played.copies = ledger.moves(observe::MoveKind::copy);
}

/// The frames that downstream keeps, as a queue and an encoder would.
class Consumer {
 public:
  Consumer(const PlaySettings& settings, Played& played) : settings_(settings), played_(played) {}

  ~Consumer() {
    while (!held_.empty()) let_go();
  }

  void take(Ref<Buffer> frame) {
    held_.push_back(std::move(frame));
    if (held_.size() > settings_.consumer_holds) let_go();
  }

 private:
  /// Looks at the oldest as late as possible: a decoder that wrote into it meanwhile would show.
  void let_go() {
    const Buffer& oldest = *held_.front();
    const std::string pixels = settings_.pixels ? visible_bytes(oldest) : std::string();
    played_.frames.push_back({oldest.timing, oldest.flags, pixels});
    held_.pop_front();
  }

  const PlaySettings& settings_;
  Played& played_;
  std::deque<Ref<Buffer>> held_;
};

void run(Stage& source, const PlaySettings& settings, Played& played) {
  Consumer consumer(settings, played);
  for (;;) {
    Work work;
    const auto flow = source.process(work);
    ASSERT_TRUE(flow) << flow.error().what;
    if (*flow == Flow::end) return;
    if (work.emitted) consumer.take(std::move(work.emitted));
  }
}

}  // namespace

Layout layout_for(const VideoFormat& video, const Alternative& alternative) {
  const LayoutConstraints& asked = alternative.layout;
  Layout layout{.format = video.format, .coded_width = video.width, .coded_height = video.height};
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneExtent extent = visible_extent(video.format, index, video.width, video.height);
    PlaneLayout& plane = layout.plane[index];
    plane.offset = round_up(layout.size, value_or(asked.offset_align[index], 1));
    plane.stride = static_cast<uint32_t>(
        round_up(std::max(extent.row_bytes, value_or(asked.stride_min[index], 0)),
                 value_or(asked.stride_align[index], 1)));
    plane.rows = static_cast<uint32_t>(std::max(extent.rows, value_or(asked.rows_min[index], 0)));
    layout.size = plane.offset + plane.bytes();
  }
  layout.size += value_or(asked.tail_pad, 0);
  return layout;
}

Ref<BufferPool> make_pool(const PortOffer& port, const VideoFormat& video, size_t count) {
  MemfdAllocator allocator;
  const Layout layout = layout_for(video, port.alternatives.front());
  const PoolConfig config{.count = exactly(count),
                          .size = layout.size,
                          .video = VideoMeta{video.width, video.height, layout}};
  return BufferPool::create(allocator, config).take();
}

Decision decide(const PortOffer& port, const VideoFormat& video, const Ref<BufferPool>& pool,
                observe::Ledger& ledger) {
  Decision decision{.ledger = &ledger};
  decision.ports.push_back(
      {.name = port.name, .stream = video, .layout = pool->config().video->layout, .pool = pool});
  return decision;
}

Played play(const PlaySettings& settings) {
  Played played;
  auto opened = FileSource::open(settings.source);
  EXPECT_TRUE(opened) << opened.error().what;
  if (!opened) return played;
  const std::unique_ptr<FileSource> source = opened.take();
  played.offer = source->describe();
  played.video = source->video();
  PortOffer port = played.offer.ports.front();
  if (settings.stride_align > 0) {
    port.alternatives.front().layout.stride_align.fill(
        Fact<uint64_t>{settings.stride_align, documented("a particular consumer")});
  }
  const uint64_t own = value_or(port.alternatives.front().count.hold, 0);
  const size_t enough = own + settings.consumer_holds + 2;
  const Ref<BufferPool> pool =
      make_pool(port, played.video, settings.buffers == 0 ? enough : settings.buffers);
  played.buffers = pool->config().count.limit();
  observe::Ledger ledger;
  const auto answer = source->decide_allocation(decide(port, played.video, pool, ledger));
  EXPECT_TRUE(answer) << answer.error().what;
  if (answer) run(*source, settings, played);
  source->stop();
  count_moves(ledger, played);
  played.buffers_at_home = pool->free_count();
  return played;
}

Played play(const std::string& path) {
  return play(PlaySettings{.source = {.path = path}});
}

}  // namespace millrace::avformat::testing
