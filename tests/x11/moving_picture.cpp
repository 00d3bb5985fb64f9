// SPDX-License-Identifier: MIT
#include "tests/x11/moving_picture.h"

#include <algorithm>
#include <stdexcept>

#include "engine/memory/memfd_allocator.h"

namespace millrace::x11::test {
namespace {

constexpr uint32_t step = 8;  // pixels a picture

Ink ink(const Rgb& rgb) {
  return make_ink(PixelFormat::bgrx, {}, rgb);
}

Ref<Buffer> make_buffer(const VideoFormat& video) {
  auto layout = tight_layout(video.format, video.width, video.height);
  if (!layout) throw std::runtime_error(layout.error().what);
  MemfdAllocator allocator;
  auto memory = allocator.allocate(layout->size, {});
  if (!memory) throw std::runtime_error(memory.error().what);
  auto buffer = Buffer::create(*memory);
  if (!buffer) throw std::runtime_error(buffer.error().what);
  auto meta = (*buffer)->set(VideoMeta{video.width, video.height, *layout});
  if (!meta) throw std::runtime_error(meta.error().what);
  return buffer.take();
}

/// Through the bottom band, from left to right and again.
Rect square_at(const VideoFormat& video, uint32_t number) {
  const BarsBands bands = bars_bands(video.height);
  const uint32_t side = std::min(video.width, bands.end - bands.bottom) / 2;
  return {number * step % (video.width - side + 1), bands.bottom + side / 2, side, side};
}

}  // namespace

MovingPicture::MovingPicture(uint32_t width, uint32_t height)
    : video_{.format = PixelFormat::bgrx, .width = width, .height = height},
      bars_(video_),
      counter_(counter_geometry(width, height)),
      inks_{ink({0, 0, 0}), ink({1, 1, 1})},
      square_(ink({1, 1, 0})),
      buffer_(make_buffer(video_)) {}

void MovingPicture::draw(uint32_t number) {
  const FrameWriteView view = FrameWriteView::create(*buffer_).take();
  bars_.draw(view.planes());
  paint_rect(video_.format, view.planes(), square_at(video_, number), square_);
  if (counter_) write_counter(*counter_, video_.format, view.planes(), inks_, number, number);
}

uint32_t MovingPicture::offset() const {
  return static_cast<uint32_t>(buffer_->memory().offset());
}

}  // namespace millrace::x11::test
