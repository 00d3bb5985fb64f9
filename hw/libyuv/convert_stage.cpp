// SPDX-License-Identifier: MIT
#include "hw/libyuv/convert_stage.h"

#include <fmt/format.h>

#include "engine/observe/stage_scope.h"

namespace millrace::yuv {
namespace {

uint32_t even(uint32_t side) {
  return side + side % 2;
}

std::string conversion_name(const ConvertSettings& settings) {
  return fmt::format("{} {}x{} -> {} {}x{}", to_string(settings.in.format), settings.in.width,
                     settings.in.height, to_string(settings.out.format), settings.out.width,
                     settings.out.height);
}

/// The numbers of YUV are not touched, so its tags must not change either.
bool keeps_yuv_colour(const ConvertSettings& settings) {
  const Colour& in = settings.in.colour;
  const Colour& out = settings.out.colour;
  const bool range = in.range == out.range || in.range == ColourRange::unspecified ||
                     out.range == ColourRange::unspecified;
  const bool matrix = in.matrix == out.matrix || in.matrix == ColourMatrix::unspecified ||
                      out.matrix == ColourMatrix::unspecified;
  return facts(settings.in.format).rgb || (range && matrix);
}

Alternative one_way(const std::string& name, PixelFormat format, const std::string& reason) {
  Alternative way{.name = name};
  way.layout.formats.push_back({.format = format, .why = documented(reason)});
  return way;
}

}  // namespace

Result<std::unique_ptr<Stage>> ConvertStage::create(const ConvertSettings& settings) {
  const auto refuse = [&](const char* why, const char* remedy) {
    return fail(ErrorKind::usage, fmt::format("convert {}: {}", conversion_name(settings), why),
                remedy);
  };
  if (!can_convert(settings.in.format, settings.out.format)) {
    return refuse("the result can only be NV12", "Ask for NV12.");
  }
  if (settings.in.width == 0 || settings.in.height == 0 ||
      settings.out.width != even(settings.in.width) ||
      settings.out.height != even(settings.in.height)) {
    return refuse("the sizes must agree, with odd sides rounded up", "Ask for the source's size.");
  }
  if (!keeps_yuv_colour(settings)) {
    return refuse("YUV keeps its matrix and range", "Drop --matrix and --range for this source.");
  }
  return std::unique_ptr<Stage>(new ConvertStage(settings));
}

StageOffer ConvertStage::describe() const {
  StageOffer offer{.kind = StageKind::transform};
  const std::string reason = fmt::format("libyuv: {} in one pass", conversion_name(settings_));
  offer.ports.push_back({.name = "in",
                         .direction = Direction::input,
                         .stream = settings_.in,
                         .alternatives = {one_way("read", settings_.in.format, reason)},
                         .cpu = {.read = true}});
  Alternative write = one_way("write", settings_.out.format, reason);
  write.layout.visible_width = Fact<uint64_t>{settings_.out.width, documented(reason)};
  write.layout.visible_height = Fact<uint64_t>{settings_.out.height, documented(reason)};
  offer.ports.push_back({.name = "out",
                         .direction = Direction::output,
                         .stream = settings_.out,
                         .alternatives = {std::move(write)},
                         .cpu = {.write = true}});
  if (settings_.in.width != settings_.out.width || settings_.in.height != settings_.out.height) {
    offer.remarks.push_back(fmt::format("odd size {}x{} padded to {}x{} by repeating the edge",
                                        settings_.in.width, settings_.in.height,
                                        settings_.out.width, settings_.out.height));
  }
  return offer;
}

Result<Answer> ConvertStage::decide_allocation(const Decision& decision) {
  account_ = &decision.ledger->open(observe::MoveKind::transform, "convert",
                                    conversion_name(settings_), "libyuv");
  return Answer(Accepted{});
}

Result<Flow> ConvertStage::process(Work& work) {
  if (!work.input) return work.draining ? Flow::end : Flow::next;
  {
    const FrameReadView from = MILLRACE_TRY(FrameReadView::create(*work.input));
    const FrameWriteView to = MILLRACE_TRY(FrameWriteView::create(*work.output));
    convert_to_nv12(settings_.in, from.planes(), settings_.out, to.planes());
  }
  const uint64_t bytes =
      payload_bytes(settings_.out.format, settings_.out.width, settings_.out.height);
  account_->book(bytes);
  observe::StageScope::record(observe::RecordType::transform, work.input->timing.sequence, bytes);
  work.output->timing = work.input->timing;
  work.output->flags = work.input->flags;
  work.emit(std::move(work.output));
  return Flow::next;
}

}  // namespace millrace::yuv
