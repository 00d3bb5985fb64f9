// SPDX-License-Identifier: MIT
#include "hw/libyuv/convert_stage.h"

#include <fmt/format.h>

#include "engine/format/letterbox.h"
#include "engine/observe/stage_scope.h"
#include "engine/stages/paint.h"

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

/// No scaling is needed: the sizes agree, but for odd sides, which are rounded up.
bool fits(const VideoFormat& in, const VideoFormat& out) {
  return out.width == even(in.width) && out.height == even(in.height);
}

/// The planes of a part of an NV12 picture, at whole chroma samples.
WritePlanes part_of(const WritePlanes& picture, const Rect& part) {
  WritePlanes planes = picture;
  planes[0].data += part.y * picture[0].stride + part.x;
  planes[1].data += part.y / 2 * picture[1].stride + part.x;
  for (PlaneSpan<std::byte>& plane : planes) plane.row_bytes = part.width;
  planes[0].rows = part.height;
  planes[1].rows = part.height / 2;
  return planes;
}

/// What becomes of places in the input's picture: the result shows it whole, letterboxed where it
/// is scaled, at the upper left where odd sides are padded.
MetaTransform placing(const PictureSize& in, const VideoFormat& out, bool scaled) {
  const Rect whole{0, 0, in.width, in.height};
  const Rect box = scaled ? letterbox(in, {out.width, out.height}) : whole;
  if (box == Rect{0, 0, out.width, out.height}) {
    return ScaleTransform{in.width, in.height, out.width, out.height};
  }
  return MatrixTransform{Matrix3::between(whole, box), whole, box};
}

/// What speaks of the input's bytes or colours does not hold for the result.
bool is_about_the_input(const MetaView& meta) {
  const MetaTags& tags = meta.type().facts.tags;
  return tags.has(MetaTag::memory) || tags.has(MetaTag::memory_reference) ||
         tags.has(MetaTag::colorspace);
}

/// Gives the result, which has its pool's metas, those of the input that still hold.
Result<> carry_metas(const Buffer& from, Buffer& to, const MetaTransform& how) {
  MetaStore& metas = *MILLRACE_TRY(to.edit_metas());
  from.metas().transform_to(metas, how, to);
  metas.remove_if(is_about_the_input);  // the pool's own are locked
  return {};
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
  if (settings.in.width == 0 || settings.in.height == 0 || settings.out.width % 2 != 0 ||
      settings.out.height % 2 != 0 || settings.out.width == 0 || settings.out.height == 0) {
    return refuse("the result has even sides, and neither is empty", "Ask for an even size.");
  }
  if (!facts(settings.in.format).rgb && !fits(settings.in, settings.out)) {
    return refuse("only RGB can be scaled", "Ask for the source's size.");
  }
  if (!keeps_yuv_colour(settings)) {
    return refuse("YUV keeps its matrix and range", "Drop --matrix and --range for this source.");
  }
  return std::unique_ptr<Stage>(new ConvertStage(settings));
}

StageOffer ConvertStage::describe() const {
  StageOffer offer{.kind = StageKind::transform};
  const bool scales = !fits(settings_.in, settings_.out);
  const std::string reason = fmt::format("libyuv: {} in {}", conversion_name(settings_),
                                         scales ? "two passes, scaled first" : "one pass");
  offer.ports.push_back({.name = "in",
                         .direction = Direction::input,
                         .stream = settings_.in,
                         .alternatives = {one_way("read", settings_.in.format, reason)},
                         .role = {.any_size = facts(settings_.in.format).rgb},
                         .cpu = {.read = true}});
  Alternative write = one_way("write", settings_.out.format, reason);
  write.layout.visible_width = Fact<uint64_t>{settings_.out.width, documented(reason)};
  write.layout.visible_height = Fact<uint64_t>{settings_.out.height, documented(reason)};
  offer.ports.push_back({.name = "out",
                         .direction = Direction::output,
                         .stream = settings_.out,
                         .alternatives = {std::move(write)},
                         .cpu = {.write = true}});
  if (scales) {
    offer.remarks.push_back(fmt::format("scaled from {}x{} to {}x{}, a second TRANSFORM",
                                        settings_.in.width, settings_.in.height,
                                        settings_.out.width, settings_.out.height));
  } else if (settings_.in.width != settings_.out.width ||
             settings_.in.height != settings_.out.height) {
    offer.remarks.push_back(fmt::format("odd size {}x{} padded to {}x{} by repeating the edge",
                                        settings_.in.width, settings_.in.height,
                                        settings_.out.width, settings_.out.height));
  }
  return offer;
}

Result<Answer> ConvertStage::decide_allocation(const Decision& decision) {
  ledger_ = decision.ledger;
  scale_account_ = nullptr;
  account_ = &decision.ledger->open(observe::MoveKind::transform, "convert",
                                    conversion_name(settings_), "libyuv");
  return Answer(Accepted{});
}

void ConvertStage::book(observe::Ledger::Account& account, uint64_t bytes, uint64_t sequence) {
  account.book(bytes);
  observe::StageScope::record(observe::RecordType::transform, sequence, bytes);
}

Result<Flow> ConvertStage::process(Work& work) {
  if (!work.input) return work.draining ? Flow::end : Flow::next;
  VideoFormat in = settings_.in;
  {
    const FrameReadView from =
        MILLRACE_TRY(FrameReadView::create(*work.input, Access::within(device_patience)));
    const FrameWriteView to = MILLRACE_TRY(FrameWriteView::create(*work.output));
    in.width = work.input->video()->width;
    in.height = work.input->video()->height;
    if (fits(in, settings_.out)) {
      convert_to_nv12(in, from.planes(), settings_.out, to.planes());
    } else {
      MILLRACE_TRY(scale_and_convert(in, from.planes(), to.planes()));
      note_scaled(in, work.input->timing.sequence);
    }
  }
  const VideoFormat& out = settings_.out;
  book(*account_, payload_bytes(out.format, out.width, out.height), work.input->timing.sequence);
  work.output->timing = work.input->timing;
  work.output->flags = work.input->flags;
  MILLRACE_TRY(
      carry_metas(*work.input, *work.output, placing({in.width, in.height}, out, !fits(in, out))));
  work.emit(std::move(work.output));
  return Flow::next;
}

Result<> ConvertStage::scale_and_convert(const VideoFormat& in, const ReadPlanes& from,
                                         const WritePlanes& to) {
  const VideoFormat& out = settings_.out;
  const Rect box = letterbox({in.width, in.height}, {out.width, out.height});
  const PictureSize size{box.width, box.height};
  if (!scaler_ || scaler_->result() != size) scaler_.emplace(size);
  const ReadPlanes scaled = MILLRACE_TRY(scaler_->scale({in.width, in.height}, from));
  VideoFormat picture = in;
  picture.width = box.width;
  picture.height = box.height;
  VideoFormat part = picture;
  part.format = out.format;
  part.colour = out.colour;
  convert_to_nv12(picture, scaled, part, part_of(to, box));
  paint_bars_around(box, out, to);
  return {};
}

void ConvertStage::note_scaled(const VideoFormat& in, uint64_t sequence) {
  if (!scale_account_) {
    scale_account_ =
        &ledger_->open(observe::MoveKind::transform, "scale",
                       fmt::format("frames of other sizes, such as {}x{}, are scaled into {}x{}",
                                   in.width, in.height, settings_.out.width, settings_.out.height),
                       "libyuv");
  }
  const PictureSize made = scaler_->result();
  book(*scale_account_, payload_bytes(in.format, made.width, made.height), sequence);
}

}  // namespace millrace::yuv
