// SPDX-License-Identifier: MIT
#include "hw/libyuv/convert_stage.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "engine/memory/system_allocator.h"
#include "engine/observe/recorder.h"
#include "engine/observe/stage_scope.h"

namespace millrace::yuv {
namespace {

VideoFormat video_of(PixelFormat format, uint32_t width, uint32_t height) {
  return {.format = format, .width = width, .height = height};
}

Ref<BufferPool> pool_of(const VideoFormat& video) {
  SystemAllocator allocator;
  const Layout layout = tight_layout(video.format, video.width, video.height).take();
  return BufferPool::create(allocator, {.count = exactly(2),
                                        .size = layout.size,
                                        .video = VideoMeta{video.width, video.height, layout}})
      .take();
}

ErrorKind kind_of(const ConvertSettings& settings) {
  const auto stage = ConvertStage::create(settings);
  EXPECT_FALSE(stage);
  return stage ? ErrorKind::internal : stage.error().kind;
}

TEST(ConvertStage, books_one_transform_a_frame_and_opens_only_declared_windows) {
  const VideoFormat in = video_of(PixelFormat::i420, 321, 179);
  const VideoFormat out = video_of(PixelFormat::nv12, 322, 180);
  const std::unique_ptr<Stage> stage = ConvertStage::create({in, out}).take();
  observe::Ledger ledger;
  ASSERT_TRUE(stage->decide_allocation({.ledger = &ledger}));
  const Ref<BufferPool> inputs = pool_of(in);
  const Ref<BufferPool> outputs = pool_of(out);
  const StageOffer offer = stage->describe();
  const observe::CpuAccess declared{offer.ports[0].cpu.read, offer.ports[1].cpu.write};
  observe::StageScope scope({.declared = declared, .planned_transform = true});

  Work work{.input = inputs->try_acquire(), .output = outputs->try_acquire()};
  work.input->timing.pts = std::chrono::milliseconds(40);
  work.input->timing.sequence = 7;
  work.input->flags.corrupted = true;
  const auto flow = stage->process(work);

  ASSERT_TRUE(flow) << flow.error().what;
  ASSERT_TRUE(work.emitted);
  EXPECT_EQ(work.emitted->timing.pts, std::chrono::milliseconds(40));
  EXPECT_EQ(work.emitted->timing.sequence, 7U);
  EXPECT_TRUE(work.emitted->flags.corrupted);
  EXPECT_EQ(ledger.moves(observe::MoveKind::transform), 1U);
  EXPECT_EQ(ledger.bytes(observe::MoveKind::transform), 322U * 180 * 3 / 2);
  EXPECT_EQ(ledger.moves(observe::MoveKind::copy), 0U);
  EXPECT_EQ(scope.undeclared_windows(), 0U);
}

/// One frame of a pool through the stage; null when it failed.
Ref<Buffer> pass(Stage& stage, const Ref<BufferPool>& inputs, const Ref<BufferPool>& outputs,
                 std::byte grey) {
  Work work{.input = inputs->try_acquire(), .output = outputs->try_acquire()};
  {
    const FrameWriteView view = FrameWriteView::create(*work.input).take();
    for (size_t row = 0; row < view.plane(0).rows; ++row) {
      std::ranges::fill(view.plane(0).row(row), grey);
    }
  }
  const auto flow = stage.process(work);
  EXPECT_TRUE(flow) << flow.error().what;
  return std::move(work.emitted);
}

int luma_at(const Buffer& frame, size_t x, size_t y) {
  return std::to_integer<int>(FrameReadView::create(frame).take().plane(0).row(y)[x]);
}

TEST(ConvertStage, letterboxes_a_frame_of_another_size_and_books_a_second_transform) {
  const VideoFormat out = video_of(PixelFormat::nv12, 320, 180);
  const auto stage = ConvertStage::create({video_of(PixelFormat::bgrx, 320, 180), out}).take();
  observe::Ledger ledger;
  ASSERT_TRUE(stage->decide_allocation({.ledger = &ledger}));
  EXPECT_TRUE(stage->describe().ports[0].role.any_size);
  const Ref<BufferPool> planned = pool_of(video_of(PixelFormat::bgrx, 320, 180));
  const Ref<BufferPool> narrow = pool_of(video_of(PixelFormat::bgrx, 101, 201));
  const Ref<BufferPool> outputs = pool_of(out);

  pass(*stage, planned, outputs, std::byte{255});
  EXPECT_EQ(ledger.moves(observe::MoveKind::transform), 1U);
  const Ref<Buffer> boxed = pass(*stage, narrow, outputs, std::byte{255});
  ASSERT_TRUE(boxed);

  // 101x201 in 320x180 is 90x180, centred at an even place.
  constexpr int black = 16;
  constexpr int white = 235;
  constexpr int rounding = 2;  // libyuv's scaler rounds down twice
  EXPECT_EQ(luma_at(*boxed, 113, 90), black);
  EXPECT_NEAR(luma_at(*boxed, 114, 90), white, rounding);
  EXPECT_NEAR(luma_at(*boxed, 114, 0), white, rounding);
  EXPECT_NEAR(luma_at(*boxed, 203, 179), white, rounding);
  EXPECT_EQ(luma_at(*boxed, 204, 90), black);
  EXPECT_EQ(ledger.moves(observe::MoveKind::transform), 3U);
  EXPECT_EQ(ledger.bytes(observe::MoveKind::transform), 2U * 320 * 180 * 3 / 2 + 90U * 180 * 4);
  EXPECT_EQ(ledger.moves(observe::MoveKind::copy), 0U);
}

/// A user's own, about the colours of the picture.
struct WhitePointMeta {
  static constexpr MetaFacts facts{
      .name = "WhitePointMeta", .api = "WhitePoint", .tags = {MetaTag::colorspace}, .version = 0};

  double x = 0;

  static std::optional<WhitePointMeta> transform(const WhitePointMeta& meta,
                                                 const MetaTransform& /*how*/) {
    return meta;
  }
};

/// What becomes of a crop in a picture of this size.
std::optional<Rect> crop_after(const VideoFormat& in, const VideoFormat& out, const Rect& rect) {
  const auto stage = ConvertStage::create({in, out}).take();
  observe::Ledger ledger;
  EXPECT_TRUE(stage->decide_allocation({.ledger = &ledger}));
  Work work{.input = pool_of(in)->try_acquire(), .output = pool_of(out)->try_acquire()};
  EXPECT_TRUE(work.input->add(CropMeta{rect.x, rect.y, rect.width, rect.height}).has_value());
  EXPECT_TRUE(work.input->add(WhitePointMeta{}).has_value());
  const auto flow = stage->process(work);
  EXPECT_TRUE(flow) << flow.error().what;
  EXPECT_FALSE(work.emitted->find<WhitePointMeta>()) << "the colours are others";
  EXPECT_EQ(work.emitted->video()->layout.format, out.format);
  return work.emitted->crop() ? std::optional(work.emitted->crop()->rect()) : std::nullopt;
}

TEST(ConvertStage, moves_metas_to_where_the_picture_lies_now) {
  const VideoFormat out = video_of(PixelFormat::nv12, 320, 180);
  const auto bgrx = [](uint32_t width, uint32_t height) {
    return video_of(PixelFormat::bgrx, width, height);
  };
  EXPECT_EQ(crop_after(bgrx(320, 180), out, {1, 2, 3, 4}), (Rect{1, 2, 3, 4}));
  EXPECT_EQ(crop_after(bgrx(640, 360), out, {10, 20, 30, 40}), (Rect{5, 10, 15, 20}));
  EXPECT_EQ(crop_after(bgrx(319, 179), out, {300, 170, 19, 9}), (Rect{300, 170, 19, 9}));
  // 160x180 lies in the middle of 320x180: at 80.
  EXPECT_EQ(crop_after(bgrx(320, 360), out, {0, 0, 320, 360}), (Rect{80, 0, 160, 180}));
  EXPECT_EQ(crop_after(bgrx(320, 360), out, {20, 40, 100, 60}), (Rect{90, 20, 50, 30}));
}

TEST(ConvertStage, says_that_it_pads_an_odd_size) {
  const auto stage = ConvertStage::create(
      {video_of(PixelFormat::bgrx, 321, 179), video_of(PixelFormat::nv12, 322, 180)});
  ASSERT_TRUE(stage);

  const StageOffer offer = (*stage)->describe();

  EXPECT_EQ(offer.kind, StageKind::transform);
  ASSERT_EQ(offer.remarks.size(), 1U);
  EXPECT_NE(offer.remarks[0].find("321x179 padded to 322x180"), std::string::npos);
}

TEST(ConvertStage, refuses_what_is_no_conversion_into_nv12) {
  const VideoFormat i420 = video_of(PixelFormat::i420, 320, 180);
  const VideoFormat nv12 = video_of(PixelFormat::nv12, 320, 180);

  EXPECT_EQ(kind_of({nv12, i420}), ErrorKind::usage);
  EXPECT_EQ(kind_of({i420, video_of(PixelFormat::nv12, 640, 360)}), ErrorKind::usage);
  EXPECT_EQ(kind_of({video_of(PixelFormat::i420, 0, 0), video_of(PixelFormat::nv12, 0, 0)}),
            ErrorKind::usage);
}

TEST(ConvertStage, refuses_to_relabel_the_colour_of_yuv) {
  VideoFormat in = video_of(PixelFormat::i420, 320, 180);
  VideoFormat out = video_of(PixelFormat::nv12, 320, 180);
  in.colour = bt709_limited;
  out.colour = {.range = ColourRange::full, .matrix = ColourMatrix::bt709};

  EXPECT_EQ(kind_of({in, out}), ErrorKind::usage);
}

TEST(ConvertStage, ends_when_it_is_drained) {
  const auto stage = ConvertStage::create(
      {video_of(PixelFormat::i420, 320, 180), video_of(PixelFormat::nv12, 320, 180)});
  ASSERT_TRUE(stage);
  Work work{.draining = true};

  EXPECT_EQ(*(*stage)->process(work), Flow::end);
}

}  // namespace
}  // namespace millrace::yuv
