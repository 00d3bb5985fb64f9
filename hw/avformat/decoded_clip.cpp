// SPDX-License-Identifier: MIT
#include "hw/avformat/decoded_clip.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/memory/copy.h"
#include "engine/observe/stage_scope.h"
#include "hw/avformat/decoded_offer.h"
#include "hw/avformat/pixel_formats.h"

namespace millrace::avformat {
namespace {

constexpr AVRational nanoseconds{1, 1'000'000'000};

// Longer than streams pause, shorter than the clocks of two recordings lie apart.
constexpr Duration longest_gap = std::chrono::seconds(10);

Duration frame_step(Fraction rate) {
  return Duration(static_cast<int64_t>(1e9 / rate.value()));
}

/// The planes of a decoded picture that has the format and size of `video`.
ReadPlanes planes_of_frame(const AVFrame& frame, const VideoFormat& video) {
  ReadPlanes planes;
  for (size_t index = 0; index < facts(video.format).plane_count; ++index) {
    const PlaneExtent extent = visible_extent(video.format, index, video.width, video.height);
    planes[index] = {reinterpret_cast<const std::byte*>(frame.data[index]),
                     static_cast<size_t>(frame.linesize[index]), extent.row_bytes, extent.rows};
  }
  return planes;
}

}  // namespace

DecodedClip::DecodedClip(std::string path, ClipFacts facts, ClipOffer offer)
    : path_(std::move(path)),
      facts_(std::move(facts)),
      offer_(std::move(offer)),
      converter_({offer_.video, {facts_.width, facts_.height}}),
      frame_(av_frame_alloc()) {}

Result<std::unique_ptr<Clip>> DecodedClip::open(const FileSourceSettings& settings) {
  ClipFacts facts = MILLRACE_TRY(probe_clip(settings.path));
  ClipOffer offer = make_offer(facts, decoder_threads(), settings.rgb_target);
  std::unique_ptr<DecodedClip> clip(
      new DecodedClip(settings.path, std::move(facts), std::move(offer)));
  if (!clip->frame_) {
    return fail(ErrorKind::internal, fmt::format("open {}: out of memory", settings.path));
  }
  return std::unique_ptr<Clip>(std::move(clip));
}

Result<> DecodedClip::bind(const Decision::Port& port, observe::Ledger& ledger) {
  using observe::MoveKind;
  close();
  pool_ = port.pool;
  accounts_.transform =
      &ledger.open(MoveKind::transform, "source", "from the decoder's own memory", "libswscale");
  Decoder::Params params{.threads = decoder_threads()};
  if (!offer_.transforms) {
    accounts_.fill = &ledger.open(MoveKind::fill, "source", "decoded into the pool", "libavcodec");
    accounts_.copy = &ledger.open(MoveKind::copy, "source.out",
                                  "the decoder keeps the picture in other memory", "cpu");
    binding_.emplace(
        PoolBinding::Params{pool_, port.layout, facts_.format, most_held(facts_, params.threads)});
    params.get_buffer = PoolBinding::get_buffer;
    params.opaque = &*binding_;
  }
  demuxer_ = MILLRACE_TRY(Demuxer::open(path_));
  decoder_ = MILLRACE_TRY(Decoder::open(*demuxer_, params));
  return {};
}

Result<Ref<Buffer>> DecodedClip::next(const std::stop_token& stop) {
  // A decoder that waits for a buffer must wake up too.
  const std::stop_callback relay(stop, [this] {
    if (binding_) binding_->stop();
  });
  if (!decoder_ || !decoder_->next(*frame_, stop)) return Ref<Buffer>();
  auto placed = place(*frame_, stop);
  if (placed && *placed) describe(*frame_, **placed);
  av_frame_unref(frame_.get());
  return placed;
}

bool DecodedClip::has_shape_of_clip(const AVFrame& frame) const {
  return frame.format == facts_.format && frame.width == static_cast<int>(facts_.width) &&
         frame.height == static_cast<int>(facts_.height);
}

Result<Ref<Buffer>> DecodedClip::place(const AVFrame& frame, const std::stop_token& stop) {
  const uint64_t bytes =
      payload_bytes(offer_.video.format, offer_.video.width, offer_.video.height);
  const bool same_shape = has_shape_of_clip(frame);
  if (binding_ && same_shape) {
    if (Ref<Buffer> buffer = binding_->claim(frame)) {
      accounts_.fill->book(bytes);
      observe::StageScope::record(observe::RecordType::fill, frames_, bytes);
      return buffer;
    }
  }
  auto acquired = pool_->acquire(stop);
  if (!acquired) {
    if (acquired.error().kind == ErrorKind::cancelled) return Ref<Buffer>();
    return acquired;
  }
  MILLRACE_TRY(binding_ && same_shape ? copy(frame, **acquired) : convert(frame, **acquired));
  return acquired;
}

Result<> DecodedClip::convert(const AVFrame& frame, Buffer& into) {
  if (!has_shape_of_clip(frame)) {
    say_once(said_letterbox_,
             fmt::format("{}: the clip changes to {}x{} {}; letterboxed into {}x{} by libswscale "
                         "from here on",
                         path_, frame.width, frame.height,
                         av_name(static_cast<AVPixelFormat>(frame.format)), facts_.width,
                         facts_.height));
  }
  const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(into));
  MILLRACE_TRY(converter_.convert(frame, view.planes()));
  const uint64_t bytes =
      payload_bytes(offer_.video.format, offer_.video.width, offer_.video.height);
  accounts_.transform->book(bytes);
  observe::StageScope::record(observe::RecordType::transform, frames_, bytes);
  return {};
}

Result<> DecodedClip::copy(const AVFrame& frame, Buffer& into) {
  say_once(said_copy_,
           fmt::format("{}: the decoder keeps a picture in memory that cannot be handed "
                       "on; such pictures are copied",
                       path_));
  const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(into));
  copy_planes(offer_.video.format, planes_of_frame(frame, offer_.video), view.planes(),
              *accounts_.copy);
  return {};
}

void DecodedClip::describe(const AVFrame& frame, Buffer& buffer) {
  const AVRational base = demuxer_->stream().time_base;
  const Duration step = frame_step(facts_.rate);
  Duration pts = newest_ ? *newest_ + step : Duration{};
  if (frame.best_effort_timestamp != AV_NOPTS_VALUE) {
    pts = bridged_ +
          Duration(av_rescale_q(frame.best_effort_timestamp - facts_.first_pts, base, nanoseconds));
  }
  const Duration duration =
      frame.pkt_duration > 0 ? Duration(av_rescale_q(frame.pkt_duration, base, nanoseconds)) : step;
  pts = steady(pts, step);
  newest_ = pts;
  newest_duration_ = duration;
  buffer.timing.pts = pts;
  buffer.timing.duration = duration;
  buffer.flags.corrupted =
      (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
  ++frames_;
}

// What follows us wants times that rise. A jump, as where files were put one behind the other, is
// bridged at the nominal rate and moves all that follows; a slip of less than a frame, as damage
// makes, is only put right. A frame that is to be shown for long makes no jump.
Duration DecodedClip::steady(Duration pts, Duration step) {
  if (!newest_) return pts;
  const Duration gap = pts - *newest_;
  if (gap <= -step || gap > longest_gap + std::max(step, newest_duration_)) {
    const Duration wanted = *newest_ + step;
    bridged_ += wanted - pts;
    say_once(said_jump_, fmt::format("{}: the clip's times jump by {:.3f} s after {:.3f} s; from "
                                     "there on frames follow at the nominal rate",
                                     path_, std::chrono::duration<double>(gap).count(),
                                     std::chrono::duration<double>(*newest_).count()));
    return wanted;
  }
  return gap > Duration{} ? pts : *newest_ + std::chrono::milliseconds(1);
}

void DecodedClip::say_once(bool& said, const std::string& line) {
  if (said) return;
  said = true;
  log::warning("avformat", line);
  const Lock lock(mutex_);
  notices_.push_back(line);
}

std::vector<std::string> DecodedClip::notices() const {
  const Lock lock(mutex_);
  return notices_;
}

void DecodedClip::close() noexcept {
  if (binding_) binding_->stop();
  if (frame_) av_frame_unref(frame_.get());
  decoder_.reset();
  demuxer_.reset();
  binding_.reset();
  pool_ = nullptr;
}

}  // namespace millrace::avformat
