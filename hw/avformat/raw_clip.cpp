// SPDX-License-Identifier: MIT
#include "hw/avformat/raw_clip.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

extern "C" {
#include <libavutil/mathematics.h>
}

#include "engine/base/log.h"
#include "engine/memory/frame_view.h"
#include "engine/observe/stage_scope.h"
#include "hw/avformat/input_file.h"
#include "hw/avformat/row_reader.h"
#include "hw/avformat/y4m.h"

namespace millrace::avformat {
namespace {

/// Presentation time of frame `index` at a constant rate: exact, without a sum of rounded steps.
Duration time_of(uint64_t index, Fraction rate) {
  return Duration(av_rescale(static_cast<int64_t>(index), 1'000'000'000 * rate.den, rate.num));
}

ClipOffer make_offer(const VideoFormat& video) {
  ClipOffer offer{.video = video, .alternative = {.name = "read"}};
  LayoutConstraints& layout = offer.alternative.layout;
  const auto why = documented("raw file: each row is read to where the plan wants it");
  layout.formats.push_back({.format = video.format, .why = why});
  layout.visible_width = Fact<uint64_t>{video.width, why};
  layout.visible_height = Fact<uint64_t>{video.height, why};
  return offer;
}

bool is_bare(const FileSourceSettings& settings) {
  return settings.raw.has_value() || settings.path.ends_with(".nv12");
}

}  // namespace

RawClip::RawClip(Params params)
    : params_(std::move(params)),
      offer_(make_offer(params_.video)),
      position_(params_.header_bytes) {}

Result<std::unique_ptr<Clip>> RawClip::open(const FileSourceSettings& settings) {
  UniqueFd fd = MILLRACE_TRY(open_input_file(settings.path));
  std::array<char, longest_y4m_header> start{};
  const ssize_t size = ::pread(fd.get(), start.data(), start.size(), 0);
  const std::string_view text(start.data(), size > 0 ? static_cast<size_t>(size) : 0);
  if (!is_y4m(text)) {
    return is_bare(settings) ? open_bare(settings, std::move(fd)) : std::unique_ptr<Clip>();
  }
  const auto header = parse_y4m_header(text);
  if (!header) return std::unique_ptr<Clip>();
  return std::unique_ptr<Clip>(
      new RawClip({settings.path, std::move(fd), header->video, header->bytes, true}));
}

Result<std::unique_ptr<Clip>> RawClip::open_bare(const FileSourceSettings& settings, UniqueFd fd) {
  if (!settings.raw || settings.raw->width == 0 || settings.raw->height == 0) {
    return fail(ErrorKind::usage,
                fmt::format("open {}: a raw file does not say its size", settings.path),
                "Pass --size WIDTHxHEIGHT, and --fps and --format where they are not 30 and NV12.");
  }
  VideoFormat video = *settings.raw;
  if (video.frame_rate.num <= 0 || video.frame_rate.den <= 0) video.frame_rate = {30, 1};
  const Layout layout = MILLRACE_TRY(tight_layout(video.format, video.width, video.height));

  struct stat facts {};

  if (::fstat(fd.get(), &facts) != 0 || static_cast<uint64_t>(facts.st_size) < layout.size) {
    return fail(ErrorKind::source_lost,
                fmt::format("read {}: {} bytes are less than one frame of {} bytes ({} {}x{})",
                            settings.path, facts.st_size, layout.size, to_string(video.format),
                            video.width, video.height),
                "Check --size and --format against the program that wrote the file.");
  }
  return std::unique_ptr<Clip>(new RawClip({settings.path, std::move(fd), video, 0, false}));
}

Result<> RawClip::bind(const Decision::Port& port, observe::Ledger& ledger) {
  pool_ = port.pool;
  fill_ = &ledger.open(observe::MoveKind::fill, "source", "read from the file", "read(2)");
  return {};
}

Result<bool> RawClip::skip_frame_line() {
  std::array<char, longest_y4m_header> text{};
  const PlaneSpan<std::byte> line{reinterpret_cast<std::byte*>(text.data()), text.size(),
                                  text.size(), 1};
  const uint64_t size = MILLRACE_TRY(read_rows({params_.path, params_.fd.get(), position_}, line));
  if (size == 0) return false;
  const auto bytes = parse_y4m_frame({text.data(), size});
  if (!bytes) {
    log::warning("avformat", fmt::format("{}: no frame where number {} should begin; ended there",
                                         params_.path, frames_));
    return false;
  }
  position_ += *bytes;
  return true;
}

Result<bool> RawClip::read_frame(Buffer& frame) {
  const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(frame));
  for (size_t index = 0; index < facts(params_.video.format).plane_count; ++index) {
    const uint64_t bytes =
        MILLRACE_TRY(read_rows({params_.path, params_.fd.get(), position_}, view.plane(index)));
    const PlaneSpan<std::byte>& plane = view.plane(index);
    if (bytes < plane.rows * plane.row_bytes) return false;
    position_ += bytes;
  }
  return true;
}

Result<Ref<Buffer>> RawClip::next(const std::stop_token& stop) {
  if (params_.y4m) {
    const bool begins = MILLRACE_TRY(skip_frame_line());
    if (!begins) return Ref<Buffer>();
  }
  auto acquired = pool_->acquire(stop);
  if (!acquired) {
    if (acquired.error().kind == ErrorKind::cancelled) return Ref<Buffer>();
    return fail(std::move(acquired.error()));
  }
  Ref<Buffer> frame = acquired.take();
  const uint64_t begin = position_;
  const bool whole = MILLRACE_TRY(read_frame(*frame));
  if (!whole) {
    position_ = begin;
    report_rest();
    return Ref<Buffer>();
  }
  const uint64_t bytes =
      payload_bytes(params_.video.format, params_.video.width, params_.video.height);
  fill_->book(bytes);
  observe::StageScope::record(observe::RecordType::fill, frames_, bytes);
  frame->timing.pts = time_of(frames_, params_.video.frame_rate);
  frame->timing.duration = time_of(frames_ + 1, params_.video.frame_rate) - *frame->timing.pts;
  ++frames_;
  return frame;
}

void RawClip::report_rest() const {
  struct stat facts {};

  if (::fstat(params_.fd.get(), &facts) != 0) return;
  const auto size = static_cast<uint64_t>(facts.st_size);
  if (size <= position_) return;
  log::warning("avformat", fmt::format("{}: the last {} bytes are no whole frame and are left out",
                                       params_.path, size - position_));
}

}  // namespace millrace::avformat
