// SPDX-License-Identifier: MIT
#include "engine/memory/pool_config.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "engine/format/whole_layout.h"

namespace millrace {
namespace {

Result<> check_count(const PoolCount& count) {
  if (count.max && *count.max < count.min) {
    return fail(ErrorKind::usage,
                fmt::format("make a pool of at least {} and at most {} buffers: no number is both",
                            count.min, *count.max),
                "Raise the maximum, or leave it away.");
  }
  if (count.min > PoolCount::most || count.limit() == 0 || count.limit() > PoolCount::most) {
    return fail(ErrorKind::usage,
                fmt::format("make a pool of {} to {} buffers: 1 to {} are possible", count.min,
                            count.limit(), PoolCount::most));
  }
  return {};
}

/// The frame that the buffers' pictures are of; half of one where fields alternate.
VideoInfo info_of(const PoolConfig& config) {
  const VideoMeta& video = *config.video;
  const uint64_t fields = config.interlace == InterlaceMode::alternate ? 2 : 1;
  const uint64_t height = std::min<uint64_t>(fields * video.height, UINT32_MAX);
  return {.video = {.format = video.layout.format,
                    .width = video.width,
                    .height = static_cast<uint32_t>(height)},
          .interlace = config.interlace,
          .layout = video.layout};
}

/// Whether a video is there that can be laid out anew, and that its VideoMeta tells of.
Result<> check_alignable(const PoolConfig& config) {
  if (!config.video || !config.options.video_meta) {
    return fail(ErrorKind::usage,
                "make a pool with a video alignment: without a VideoMeta nobody could tell where "
                "the planes lie",
                "Set `video`, and the option `video_meta`.");
  }
  if (!config.video->layout.is_linear()) {
    return fail(ErrorKind::usage,
                fmt::format("make a pool with a video alignment: only rows can be aligned, and the "
                            "{} layout is tiled (modifier {:#x})",
                            to_string(config.video->layout.format),
                            static_cast<uint64_t>(config.video->layout.modifier)),
                "Take the device's layout as it is, without `video_alignment`.");
  }
  return {};
}

/// Puts the video's planes where the alignment wants them, and blocks of memory with them.
Result<> apply_alignment(PoolConfig& config) {
  if (!config.options.video_alignment) return {};
  MILLRACE_TRY(check_alignable(config));
  const AlignedVideo aligned =
      MILLRACE_TRY(align(info_of(config), *config.options.video_alignment));
  config.video->layout = aligned.info.layout;
  config.options.video_alignment = aligned.alignment;
  for (const auto& aligns : {aligned.alignment.stride_align, aligned.alignment.plane_align}) {
    for (const uint64_t bytes : aligns) {
      config.params.align = std::max<size_t>(config.params.align, bytes);
    }
  }
  return {};
}

Failure falls_short(const std::string& how) {
  return fail(ErrorKind::unavailable, "use a pool as it is offered: " + how);
}

Result<> check_sizes(const PoolConfig& offered, const PoolConfig& wanted) {
  if (offered.size < wanted.size) {
    return falls_short(
        fmt::format("its buffers have {} bytes, {} are wanted", offered.size, wanted.size));
  }
  if (offered.count.min < wanted.count.min) {
    return falls_short(
        fmt::format("it has {} buffers, {} are wanted", offered.count.min, wanted.count.min));
  }
  if (wanted.count.max && offered.count.limit() < *wanted.count.max) {
    return falls_short(fmt::format("it has no more than {} buffers, up to {} are wanted",
                                   offered.count.limit(), *wanted.count.max));
  }
  return {};
}

/// A flag is a promise, which may be kept unasked, or it forbids something, which may not.
Result<> check_flags(const MemoryFlags& has, const MemoryFlags& needs) {
  const auto kept = [](bool offered, bool wanted) { return offered || !wanted; };
  if (!kept(has.physically_contiguous, needs.physically_contiguous)) {
    return falls_short("its memory is not physically contiguous");
  }
  if (!kept(has.zero_prefixed, needs.zero_prefixed) || !kept(has.zero_padded, needs.zero_padded)) {
    return falls_short("the bytes around its visible ones are not zero");
  }
  if ((needs.user & ~has.user) != 0) {
    return falls_short(
        fmt::format("its memory has the user flags {:#x}, {:#x} are wanted", has.user, needs.user));
  }
  const auto differs = [](bool offered, const char* what) {
    return falls_short(fmt::format("its memory {} {}", offered ? "is" : "is not", what));
  };
  if (has.read_only != needs.read_only) return differs(has.read_only, "read-only");
  if (has.not_mappable != needs.not_mappable) {
    return differs(has.not_mappable, "out of the CPU's reach");
  }
  if (has.no_share != needs.no_share) return differs(has.no_share, "kept whole");
  return {};
}

Result<> check_memory(const PoolConfig& offered, const PoolConfig& wanted) {
  if (wanted.allocator && offered.allocator != wanted.allocator) {
    return falls_short("its memory is not from the allocator that is wanted");
  }
  const AllocationParams& has = offered.params;
  const AllocationParams& needs = wanted.params;
  if (has.align < needs.align || has.prefix < needs.prefix || has.padding < needs.padding) {
    return falls_short(fmt::format(
        "its memory has alignment {}, prefix {} and padding {}; {}, {} and {} are wanted",
        has.align, has.prefix, has.padding, needs.align, needs.prefix, needs.padding));
  }
  return check_flags(has.flags, needs.flags);
}

Result<> check_picture(const PoolConfig& offered, const PoolConfig& wanted) {
  const VideoMeta& video = *wanted.video;
  const bool same = offered.video && offered.video->layout.format == video.layout.format &&
                    offered.video->width == video.width && offered.video->height == video.height &&
                    offered.interlace == wanted.interlace;
  if (!same) {
    return falls_short(fmt::format("its buffers are not for {} {}x{}",
                                   to_string(video.layout.format), video.width, video.height));
  }
  const Modifier has = offered.video->layout.modifier;
  if (has == video.layout.modifier) return {};
  return falls_short(fmt::format("its pixels lie by modifier {:#x}, {:#x} is wanted",
                                 static_cast<uint64_t>(has),
                                 static_cast<uint64_t>(video.layout.modifier)));
}

Result<> check_video(const PoolConfig& offered, const PoolConfig& wanted) {
  if (!wanted.video) return {};
  MILLRACE_TRY(check_picture(offered, wanted));
  if (wanted.options.video_meta && !offered.options.video_meta) {
    return falls_short("its buffers have no VideoMeta");
  }
  if (!wanted.options.video_meta && offered.video->layout != wanted.video->layout) {
    return falls_short("its planes lie elsewhere, and no VideoMeta is wanted that would say so");
  }
  if (!wanted.options.video_alignment) return {};
  return check_alignment(info_of(offered), *wanted.options.video_alignment);
}

}  // namespace

Result<PoolAnswer> check_config(const PoolConfig& wanted) {
  MILLRACE_TRY(check_count(wanted.count));
  PoolConfig config = wanted;
  MILLRACE_TRY(apply_alignment(config));
  if (config.size == 0 && config.video) config.size = config.video->layout.size;
  if (config.size == 0) {
    return fail(ErrorKind::usage, "make a pool: its buffers would not have a byte",
                "Set `size`, or `video` with a layout.");
  }
  if (!config.video) return PoolAccepted{config};
  const VideoMeta& video = *config.video;
  const Result<> fits = check_whole_layout(video.layout, video.width, video.height, config.size);
  if (fits) return PoolAccepted{config};
  if (config.size >= video.layout.size) return fail(fits.error());
  config.size = video.layout.size;
  MILLRACE_TRY(check_whole_layout(video.layout, video.width, video.height, config.size));
  return PoolCounterOffer{config, fits.error().what};
}

Result<> check_satisfies(const PoolConfig& offered, const PoolConfig& wanted) {
  MILLRACE_TRY(check_sizes(offered, wanted));
  MILLRACE_TRY(check_memory(offered, wanted));
  MILLRACE_TRY(check_video(offered, wanted));
  if (wanted.options.track_holders && !offered.options.track_holders) {
    return falls_short("it does not note who holds its buffers");
  }
  return {};
}

}  // namespace millrace
