// SPDX-License-Identifier: MIT
#include "engine/stages/copy_stage.h"

#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "engine/memory/frame_view.h"
#include "tests/engine/stages/drawn_bars.h"

namespace millrace {
namespace {

constexpr uint32_t width = 322;
constexpr uint32_t height = 182;

class CopyStageTest : public testing::Test {
 protected:
  /// A buffer whose rows are 512 bytes apart.
  Ref<Buffer> wide_buffer() {
    Layout layout = tight_layout(PixelFormat::nv12, width, height).take();
    layout.plane[0].stride = 512;
    layout.plane[1] = {512 * height, 512, height / 2};
    layout.size = 512 * height * 3 / 2;
    MemfdAllocator allocator;
    Ref<Buffer> buffer = Buffer::create(allocator.allocate(layout.size, {}).take()).take();
    EXPECT_TRUE(buffer->set(VideoMeta{width, height, layout}));
    return buffer;
  }

  test::DrawnBars bars_{{.video = {.width = width, .height = height}}};
  observe::Ledger ledger_;
  observe::Ledger::Account& account_ =
      ledger_.open(observe::MoveKind::copy, "source.out -> encode.in", "stride", "cpu");
  CopyStage stage_{account_};
};

TEST_F(CopyStageTest, hands_on_the_same_picture_with_its_times_in_another_buffer) {
  Work work;
  work.input = bars_.next();
  work.output = wide_buffer();
  ASSERT_EQ(*stage_.process(work), Flow::next);
  ASSERT_TRUE(work.emitted);
  EXPECT_NE(work.emitted, work.input);
  EXPECT_EQ(work.emitted->timing.pts, work.input->timing.pts);
  const FrameReadView view = FrameReadView::create(*work.emitted).take();
  const auto reading = read_counter(brightness_of(PixelFormat::nv12, view.plane(0), width, height));
  EXPECT_EQ(reading, (CounterReading{0, 0}));
}

TEST_F(CopyStageTest, books_each_frame_on_the_account_of_its_edge) {
  for (int frame = 0; frame < 3; ++frame) {
    Work work;
    work.input = bars_.next();
    work.output = wide_buffer();
    ASSERT_TRUE(stage_.process(work).has_value());
  }
  EXPECT_EQ(account_.moves(), 3U);
  EXPECT_EQ(account_.bytes(), 3 * payload_bytes(PixelFormat::nv12, width, height));
}

TEST_F(CopyStageTest, declares_both_windows_that_it_opens) {
  const StageOffer offer = stage_.describe();
  EXPECT_TRUE(offer.port("in")->cpu.read);
  EXPECT_TRUE(offer.port("out")->cpu.write);
}

TEST_F(CopyStageTest, holds_nothing_when_it_is_drained) {
  Work work;
  work.draining = true;
  EXPECT_EQ(*stage_.process(work), Flow::end);
  EXPECT_FALSE(work.emitted);
}

}  // namespace
}  // namespace millrace
