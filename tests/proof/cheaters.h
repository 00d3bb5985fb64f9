// SPDX-License-Identifier: MIT
// Stages that claim to share a frame and copy it behind everybody's back. Each must be caught by a
// leg of the proof; together they show that no leg can be spared.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <libyuv.h>

#include "engine/memory/frame_view.h"
#include "engine/memory/memfd_allocator.h"
#include "tests/fake/fake_stages.h"

namespace millrace::cheaters {

using fake::PassThrough;

inline std::span<std::byte> scratch_for(std::vector<std::byte>& scratch, size_t size) {
  if (scratch.size() < size) scratch.resize(size);
  return {scratch.data(), size};
}

/// Byte by byte, in a loop that the compiler may not turn into a call.
inline void loop_copy(std::span<const std::byte> from, std::byte* to) {
  for (size_t index = 0; index < from.size(); ++index) {
    to[index] = from[index];
    asm volatile("" ::: "memory");
  }
}

/// Touches nothing: what an honest in-place stage does.
inline std::unique_ptr<Stage> honest(const VideoFormat& video) {
  return std::make_unique<PassThrough>(PassThrough::Touch{}, observe::CpuAccess{}, video);
}

/// Out of the frame and back into it, row by row with memcpy; its windows are declared. The frame
/// is the same file throughout: only the volume tells.
inline std::unique_ptr<Stage> row_copier(const VideoFormat& video) {
  auto touch = [scratch = std::vector<std::byte>()](Work& work) mutable -> Result<> {
    const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(*work.input));
    for (size_t plane = 0; plane < facts(work.input->video()->layout.format).plane_count; ++plane) {
      for (size_t row = 0; row < view.plane(plane).rows; ++row) {
        const std::span<std::byte> bytes = view.plane(plane).row(row);
        const std::span<std::byte> aside = scratch_for(scratch, bytes.size());
        std::memcpy(aside.data(), bytes.data(), bytes.size());
        std::memcpy(bytes.data(), aside.data(), bytes.size());
      }
    }
    return {};
  };
  return std::make_unique<PassThrough>(std::move(touch), observe::CpuAccess{true, true}, video);
}

/// The same with libyuv's plane copy.
inline std::unique_ptr<Stage> yuv_copier(const VideoFormat& video) {
  auto touch = [scratch = std::vector<std::byte>()](Work& work) mutable -> Result<> {
    const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(*work.input));
    for (size_t index = 0; index < facts(work.input->video()->layout.format).plane_count; ++index) {
      const PlaneSpan<std::byte>& plane = view.plane(index);
      const std::span<std::byte> aside = scratch_for(scratch, plane.row_bytes * plane.rows);
      auto* const there = reinterpret_cast<uint8_t*>(aside.data());
      auto* const here = reinterpret_cast<uint8_t*>(plane.data);
      const auto width = static_cast<int>(plane.row_bytes);
      const auto height = static_cast<int>(plane.rows);
      libyuv::CopyPlane(here, static_cast<int>(plane.stride), there, width, width, height);
      libyuv::CopyPlane(there, width, here, static_cast<int>(plane.stride), width, height);
    }
    return {};
  };
  return std::make_unique<PassThrough>(std::move(touch), observe::CpuAccess{true, true}, video);
}

/// Hands on a frame of its own, filled by a plain loop, with declared windows: only the identity of
/// the memory tells.
inline std::unique_ptr<Stage> substituter(const VideoFormat& video) {
  auto touch = [pool = Ref<BufferPool>()](Work& work) mutable -> Result<> {
    if (!pool) {
      MemfdAllocator allocator;
      pool = MILLRACE_TRY(BufferPool::create(
          allocator,
          {.count = exactly(16), .size = work.input->size(), .video = *work.input->video()}));
    }
    Ref<Buffer> own = MILLRACE_TRY(pool->acquire(work.stop));
    const ReadView from = MILLRACE_TRY(work.input->read());
    const WriteView to = MILLRACE_TRY(own->write());
    loop_copy(from.bytes(), to.bytes().data());
    own->timing = work.input->timing;
    work.emit(std::move(own));
    return {};
  };
  return std::make_unique<PassThrough>(std::move(touch), observe::CpuAccess{true, true}, video);
}

/// Out of the frame and back by a plain loop, without having declared that it would touch it: only
/// the windows tell.
inline std::unique_ptr<Stage> trespasser(const VideoFormat& video) {
  auto touch = [scratch = std::vector<std::byte>()](Work& work) mutable -> Result<> {
    const WriteView view = MILLRACE_TRY(work.input->write());
    const std::span<std::byte> aside = scratch_for(scratch, view.bytes().size());
    loop_copy(view.bytes(), aside.data());
    loop_copy(aside, view.bytes().data());
    return {};
  };
  return std::make_unique<PassThrough>(std::move(touch), observe::CpuAccess{}, video);
}

}  // namespace millrace::cheaters
