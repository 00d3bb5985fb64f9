// SPDX-License-Identifier: MIT
// FrameReadView and FrameWriteView: the planes of a video buffer, mapped together for the CPU.
//
// A view keeps the bytes alive, and knows where the planes lie whatever becomes of the buffer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "engine/base/export.h"
#include "engine/base/recycler.h"
#include "engine/base/result.h"
#include "engine/memory/buffer.h"

namespace millrace {

/// One mapped plane; `rows` and `row_bytes` are the visible ones.
template <class Byte>
struct PlaneSpan {
  Byte* data = nullptr;
  size_t stride = 0;
  size_t row_bytes = 0;
  size_t rows = 0;

  [[nodiscard]] std::span<Byte> row(size_t index) const {
    return {data + index * stride, row_bytes};
  }
};

using ReadPlanes = std::array<PlaneSpan<const std::byte>, max_planes>;
using WritePlanes = std::array<PlaneSpan<std::byte>, max_planes>;

/// The planes of `bytes` as `video` says. Fails when they do not fit.
[[nodiscard]] MILLRACE_API Result<ReadPlanes> planes_of(std::span<const std::byte> bytes,
                                                        const VideoMeta& video);
[[nodiscard]] MILLRACE_API Result<WritePlanes> planes_of(std::span<std::byte> bytes,
                                                         const VideoMeta& video);

/// What both have in common. `View` is ReadView or WriteView.
template <class View>
class MILLRACE_API FrameView {
 public:
  static constexpr bool reads = std::is_same_v<View, ReadView>;
  using Byte = std::conditional_t<reads, const std::byte, std::byte>;
  using Buffer =
      std::conditional_t<std::is_const_v<Byte>, const millrace::Buffer, millrace::Buffer>;

  /// Errors: those of Buffer::read or write; `internal` for a buffer without a VideoMeta or with
  /// one that no longer fits its memories.
  [[nodiscard]] static Result<FrameView> create(Buffer& buffer, const Access& how = at_once) {
    if (const VideoMeta* const video = buffer.kept_video_of_plain()) [[likely]] {
      const MemorySlice& slice = buffer.memories().only();
      Memory& memory = *slice.memory;
      const bool alone = buffer.is_writable();
      if ((alone || reads) && (reads || !how.joint) &&
          ((alone && View::try_open_alone(memory)) || View::try_open(memory))) [[likely]] {
        return Result<FrameView>(tl::in_place,
                                 Plain(Opened({&memory, slice.offset, slice.size}), *video));
      }
    }
    return create_slowly(buffer, how);
  }

  /// What `create` knows of a buffer whose bytes it has just taken.
  class Plain {
   private:
    friend class FrameView;

    Plain(const Opened& opened, const VideoMeta& video) : opened_(opened), video_(&video) {}

    Opened opened_;
    const VideoMeta* video_;
  };

  explicit FrameView(const Plain& plain) : view_(plain.opened_), video_(plain.video_) {}

  FrameView(FrameView&& other) noexcept
      : more_(other.view_.ends_plainly() ? nullptr : other.more_),
        view_(std::move(other.view_)),
        video_(other.video_) {
    other.more_ = nullptr;
  }

  ~FrameView() {
    if (!view_.ends_plainly()) [[unlikely]]
      delete more_;
  }

  /// The first sample of a plane, and the bytes from a row to the next.
  [[nodiscard]] Byte* data(size_t index) const {
    return view_of(index).bytes().data() + video_->layout.plane[index].offset;
  }

  [[nodiscard]] size_t stride(size_t index) const { return video_->layout.plane[index].stride; }

  [[nodiscard]] PlaneSpan<Byte> plane(size_t index) const {
    const PlaneExtent extent =
        visible_extent(video_->layout.format, index, video_->width, video_->height);
    return {data(index), stride(index), extent.row_bytes, extent.rows};
  }

  [[nodiscard]] std::array<PlaneSpan<Byte>, max_planes> planes() const {
    std::array<PlaneSpan<Byte>, max_planes> all{};
    for (size_t index = 0; index < video_->layout.plane_count(); ++index) {
      all[index] = plane(index);
    }
    return all;
  }

 private:
  /// For memories behind the first, and for a VideoMeta that may go before the view.
  struct More : Recycled {
    VideoMeta video;
    std::array<std::optional<View>, max_planes>
        views;                                  ///< of planes that lie in a memory of theirs
    std::array<uint8_t, max_planes> view_of{};  ///< plane -> its place there; 0: view_
  };

  FrameView(View view, std::unique_ptr<More> more)
      : more_(more.release()), view_(std::move(view)), video_(&more_->video) {
    view_.end_slowly();
  }

  static Result<FrameView> create_slowly(Buffer& buffer, const Access& how);

  [[nodiscard]] const View& view_of(size_t plane) const {
    if (view_.ends_plainly()) [[likely]]
      return view_;
    const size_t place = more_->view_of[plane];
    return place == 0 ? view_ : *more_->views[place];
  }

  More* more_;  ///< only where the view does not end plainly: then there is one, unless moved away
  View view_;   ///< of the memory of plane 0
  const VideoMeta* video_;
};

using FrameReadView = FrameView<ReadView>;
using FrameWriteView = FrameView<WriteView>;

extern template MILLRACE_API Result<FrameReadView> FrameView<ReadView>::create_slowly(
    const millrace::Buffer&, const Access&);
extern template MILLRACE_API Result<FrameWriteView> FrameView<WriteView>::create_slowly(
    millrace::Buffer&, const Access&);

}  // namespace millrace
