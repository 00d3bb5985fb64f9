// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/frames.h"

#include <gtest/gtest.h>

#include "engine/memory/frame_view.h"

namespace millrace::vaapi::testing {
namespace {

uint32_t round_up(uint32_t value, uint32_t step) {
  return (value + step - 1) / step * step;
}

VideoMeta meta_of(const FrameShape& shape) {
  VideoMeta video{.width = shape.width, .height = shape.height};
  const uint32_t stride = shape.stride ? shape.stride : round_up(shape.width, 256);
  const uint32_t rows = shape.rows ? shape.rows : round_up(shape.height, 32);
  video.layout.coded_width = shape.width;
  video.layout.coded_height = shape.height;
  video.layout.plane[0] = {.offset = 0, .stride = stride, .rows = rows};
  video.layout.plane[1] = {
      .offset = uint64_t{stride} * rows, .stride = stride, .rows = (rows + 1) / 2};
  video.layout.size = uint64_t{stride} * (rows + (rows + 1) / 2);
  return video;
}

}  // namespace

uint8_t luma_at(uint32_t x, uint32_t y, uint64_t number) {
  // Slopes that move, without hard edges: what is lost in coding is noise, not shape.
  return static_cast<uint8_t>(32 + (x / 2 + y / 2 + 3 * number) % 160);
}

void paint(Buffer& frame, uint64_t number) {
  Result<FrameWriteView> view = FrameWriteView::create(frame);
  ASSERT_TRUE(view) << view.error().what;
  for (uint32_t y = 0; y < view->plane(0).rows; ++y) {
    const std::span<std::byte> row = view->plane(0).row(y);
    for (uint32_t x = 0; x < row.size(); ++x) row[x] = std::byte{luma_at(x, y, number)};
  }
  for (size_t y = 0; y < view->plane(1).rows; ++y) {
    for (std::byte& sample : view->plane(1).row(y)) sample = std::byte{128};
  }
}

Ref<Buffer> make_frame(Allocator& allocator, const FrameShape& shape, uint64_t number) {
  const VideoMeta video = meta_of(shape);
  Result<Ref<Memory>> memory = allocator.allocate(video.layout.size, {});
  if (!memory) {
    ADD_FAILURE() << memory.error().what;
    return nullptr;
  }
  Ref<Buffer> frame = Buffer::create(memory.take()).take();
  EXPECT_TRUE(frame->set(video));
  paint(*frame, number);
  return frame;
}

}  // namespace millrace::vaapi::testing
