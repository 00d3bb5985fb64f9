// SPDX-License-Identifier: MIT
#include "engine/stages/test_bars_source.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engine/base/sleep.h"
#include "engine/observe/stage_scope.h"
#include "engine/stages/paint.h"

namespace millrace {
namespace {

constexpr Rgb black{0, 0, 0};
constexpr Rgb white{1, 1, 1};
constexpr Rgb square_colour{1, 1, 0};  // differs from every patch that it passes
constexpr int64_t largest_rate_term = 1'000'000'000;

Colour with_defaults(Colour colour, PixelFormat format) {
  const bool rgb = facts(format).rgb;
  const Colour fallback = rgb ? Colour{ColourRange::full, ColourPrimaries::bt709,
                                       ColourTransfer::srgb, ColourMatrix::rgb}
                              : bt709_limited;
  if (colour.range == ColourRange::unspecified) colour.range = fallback.range;
  if (colour.primaries == ColourPrimaries::unspecified) colour.primaries = fallback.primaries;
  if (colour.transfer == ColourTransfer::unspecified) colour.transfer = fallback.transfer;
  if (colour.matrix == ColourMatrix::unspecified) colour.matrix = fallback.matrix;
  return colour;
}

Result<> check_size(const VideoFormat& video) {
  MILLRACE_TRY(tight_layout(video.format, video.width, video.height));
  const PixelFormatFacts& format = facts(video.format);
  if (!can_paint(video.format)) {
    return fail(ErrorKind::usage,
                fmt::format("draw test:bars as {}: it cannot be drawn", format.name),
                "Choose one of " + names_of_paintable_formats() + ".");
  }
  if (video.width % format.even_width == 0 && video.height % format.even_height == 0) return {};
  return fail(ErrorKind::usage,
              fmt::format("draw test:bars as {} {}x{}: {} stores colour for pairs of pixels, so "
                          "the width must be a multiple of {} and the height of {}",
                          format.name, video.width, video.height, format.name, format.even_width,
                          format.even_height),
              fmt::format("Use --size {}x{}, or --format BGRX for an odd size.",
                          video.width + video.width % format.even_width,
                          video.height + video.height % format.even_height));
}

Result<> check_rate(const Fraction& rate) {
  if (rate.num > 0 && rate.den > 0 && rate.num <= largest_rate_term &&
      rate.den <= largest_rate_term) {
    return {};
  }
  return fail(ErrorKind::usage,
              fmt::format("draw test:bars at {}/{} frames a second: both numbers must be 1 to {}",
                          rate.num, rate.den, largest_rate_term),
              "Use a rate such as --fps 30 or --fps 30000/1001.");
}

Result<> check_stride(const TestBarsSettings& settings) {
  if (!settings.pinned_stride) return {};
  const VideoFormat& video = settings.video;
  const auto pinned =
      static_cast<uint32_t>(std::min<uint64_t>(*settings.pinned_stride, UINT32_MAX));
  for (size_t plane = 0; plane < facts(video.format).plane_count; ++plane) {
    const uint64_t row = visible_extent(video.format, plane, video.width, 1).row_bytes;
    const uint64_t stride = stride_like_first(video.format, plane, pinned);
    if (stride < row || *settings.pinned_stride > UINT32_MAX) {
      return fail(ErrorKind::usage,
                  fmt::format("draw {} as {} {}x{}: a stride of {} leaves {} bytes for a row of {} "
                              "in plane {}",
                              settings.origin, to_string(video.format), video.width, video.height,
                              *settings.pinned_stride, stride, row, plane),
                  fmt::format("Use a stride of at least {} bytes.",
                              visible_extent(video.format, 0, video.width, 1).row_bytes));
    }
  }
  return {};
}

Alternative draw_alternative(const TestBarsSettings& settings) {
  const Provenance user = from_user(settings.origin);
  const VideoFormat& video = settings.video;
  Alternative draw{.name = "draw"};
  draw.layout.formats = {{video.format, Modifier::linear, 0, user}};
  draw.layout.visible_width = Fact<uint64_t>{video.width, user};
  draw.layout.visible_height = Fact<uint64_t>{video.height, user};
  draw.rate = Fact<Fraction>{video.frame_rate, user};
  draw.count.hold = Fact<uint64_t>{1, documented("test:bars draws into one buffer at a time")};
  if (!settings.pinned_stride) return draw;
  for (size_t plane = 0; plane < facts(video.format).plane_count; ++plane) {
    const uint64_t stride =
        stride_like_first(video.format, plane, static_cast<uint32_t>(*settings.pinned_stride));
    draw.layout.stride_demand[plane] = Fact<StrideDemand>{{StridePolicy::fixed, stride}, user};
  }
  return draw;
}

std::vector<std::string> remarks_of(const VideoFormat& video,
                                    const std::optional<CounterGeometry>& counter) {
  const std::string size = fmt::format("{}x{}", video.width, video.height);
  if (!counter) return {size + " is below 64x64: the frame counter is absent from the picture"};
  if (!counter->with_time) {
    return {size + " has no room for the time beside the frame counter: the time is absent"};
  }
  return {};
}

TestBarsSettings completed(TestBarsSettings settings) {
  settings.video.colour = with_defaults(settings.video.colour, settings.video.format);
  return settings;
}

}  // namespace

Result<std::unique_ptr<Stage>> TestBarsSource::create(const TestBarsSettings& settings) {
  MILLRACE_TRY(check_size(settings.video));
  MILLRACE_TRY(check_rate(settings.video.frame_rate));
  MILLRACE_TRY(check_stride(settings));
  return std::unique_ptr<Stage>(new TestBarsSource(completed(settings)));
}

TestBarsSource::TestBarsSource(const TestBarsSettings& settings)
    : settings_(settings),
      bars_(settings.video),
      counter_(counter_geometry(settings.video.width, settings.video.height)),
      counter_inks_{make_ink(settings.video.format, settings.video.colour, black),
                    make_ink(settings.video.format, settings.video.colour, white)},
      square_ink_(make_ink(settings.video.format, settings.video.colour, square_colour)) {}

StageOffer TestBarsSource::describe() const {
  PortOffer out{.name = "out", .direction = Direction::output, .stream = settings_.video};
  out.alternatives = {draw_alternative(settings_)};
  out.cpu = {.write = true};
  StageOffer offer{.kind = StageKind::source};
  offer.ports = {std::move(out)};
  offer.blocks = settings_.realtime;
  offer.remarks = remarks_of(settings_.video, counter_);
  return offer;
}

Result<Answer> TestBarsSource::decide_allocation(const Decision& decision) {
  const Decision::Port* const out = decision.port("out");
  const VideoFormat* const video = out ? std::get_if<VideoFormat>(&out->stream) : nullptr;
  if (!video || video->format != settings_.video.format || !decision.ledger) {
    return fail(ErrorKind::internal, "set up test:bars: the decision is not for its offer");
  }
  fills_ = &decision.ledger->open(observe::MoveKind::fill, settings_.origin,
                                  "the source draws its frames", "cpu");
  return Answer{Accepted{}};
}

Result<Flow> TestBarsSource::process(Work& work) {
  const Duration pts = frame_time(next_, settings_.video.frame_rate);
  if (settings_.realtime && !wait_for_frame(pts, work.stop)) return Flow::end;
  Buffer& buffer = *work.output;
  buffer.timing.captured = now();
  buffer.timing.pts = pts;
  buffer.timing.duration = frame_time(next_ + 1, settings_.video.frame_rate) - pts;
  buffer.timing.sequence = next_;
  MILLRACE_TRY(draw(buffer));
  ++next_;
  work.emit(std::move(work.output));
  return Flow::next;
}

bool TestBarsSource::wait_for_frame(Duration pts, const std::stop_token& stop) {
  if (!first_frame_) first_frame_ = now();
  return sleep_until(*first_frame_ + pts, stop);
}

Result<> TestBarsSource::draw(Buffer& buffer) const {
  const FrameWriteView view = MILLRACE_TRY(FrameWriteView::create(buffer));
  const VideoFormat& video = settings_.video;
  bars_.draw(view.planes());
  paint_rect(video.format, view.planes(), square(), square_ink_);
  if (counter_) {
    const auto pts = std::chrono::duration_cast<std::chrono::microseconds>(*buffer.timing.pts);
    write_counter(*counter_, video.format, view.planes(), counter_inks_,
                  static_cast<uint32_t>(next_), static_cast<uint64_t>(pts.count()));
  }
  const uint64_t bytes = payload_bytes(video.format, video.width, video.height);
  fills_->book(bytes);
  observe::StageScope::record(observe::RecordType::fill, next_, bytes);
  return {};
}

/// Runs through the bottom band from left to right, in even steps: once in about four seconds at
/// 30 frames a second.
Rect TestBarsSource::square() const {
  const uint32_t width = settings_.video.width;
  const BarsBands bands = bars_bands(settings_.video.height);
  const uint32_t band = bands.end - bands.bottom;
  const uint32_t side = std::min(width, band) / 2 & ~1U;
  const uint32_t positions = (width - side) / 2 + 1;
  const uint32_t step = std::max(1U, width / 240);
  const auto position = static_cast<uint32_t>(next_ % positions * step % positions);
  return {2 * position, bands.bottom + ((band - side) / 2 & ~1U), side, side};
}

}  // namespace millrace
