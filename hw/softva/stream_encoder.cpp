// SPDX-License-Identifier: MIT
#include "hw/softva/stream_encoder.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "hw/softva/nal.h"
#include "hw/softva/pixels.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

bool has_constant_qp(const Job& job) {
  return job.rate.mode == VA_RC_CQP && job.stream.encoder == "libx264";
}

/// Everything but SEI, where x264 writes its options.
std::vector<std::vector<uint8_t>> units_that_decode(const std::vector<uint8_t>& picture) {
  std::vector<std::vector<uint8_t>> units;
  for (const NalSpan& nal : find_nals(picture))
    if (nal_type(picture[nal.header]) != nal_sei)
      units.emplace_back(picture.begin() + static_cast<ptrdiff_t>(nal.header),
                         picture.begin() + static_cast<ptrdiff_t>(nal.end));
  return units;
}

}  // namespace

Result<CodedPicture> StreamEncoder::encode(const Job& job) {
  for (int plane = 0; plane < 2; ++plane)
    if (!job.input->plane(plane).memory->is_whole())
      return refuse(VA_STATUS_ERROR_ENCODING_ERROR,
                    "encode a picture: the imported file was made shorter");
  const CpuAccess luma(*job.input->plane(0).memory, CpuAccess::Kind::read);
  const CpuAccess chroma(*job.input->plane(1).memory, CpuAccess::Kind::read);
  const Pixels pixels = pixels_of(
      *job.input, {job.crop_left, job.crop_top, job.stream.width, job.stream.height}, padded_);
  CodedPicture picture =
      MILLRACE_TRY(job.is_idr ? encode_key(job, pixels) : encode_inter(job, pixels));
  last_was_key_ = job.is_idr;
  if (!job.units.empty()) picture.bytes = splice(picture.bytes, job.units);
  return picture;
}

Quantisers StreamEncoder::quantisers_for(const Job& job) const {
  if (!has_constant_qp(job)) return {Quantisers::Form::constant, job.qp, job.qp};
  if (group_varies_) return {Quantisers::Form::by_picture, job.qp, job.qp};
  return {Quantisers::Form::constant, job.qp, group_qp_.value_or(job.qp)};
}

bool StreamEncoder::needs_new_encoder(const Job& job, const Quantisers& wanted) const {
  if (!encoder_) return true;
  const EncoderSettings& now = encoder_->settings();
  if (now.stream != job.stream) return true;
  if (job.rate.mode != VA_RC_CQP) return now.rate.filler && now.rate != job.rate;
  if (now.quantisers.form != wanted.form) return true;
  if (wanted.form == Quantisers::Form::by_picture)
    return !last_was_key_;  // Its later key pictures follow the quantisers before them.
  return now.quantisers.key != wanted.key || now.quantisers.inter != wanted.inter;
}

Result<CodedPicture> StreamEncoder::encode_key(const Job& job, const Pixels& pixels) {
  const Quantisers wanted = quantisers_for(job);
  const bool is_first = encoder_ == nullptr;
  if (needs_new_encoder(job, wanted)) {
    encoder_.reset();
    encoder_ = MILLRACE_TRY(H264Encoder::open({job.stream, job.rate, wanted}));
  }
  first_.reset();
  follow_rate(job);
  CodedPicture picture = MILLRACE_TRY(encoder_->encode(pixels, {true, job.qp}));
  if (is_first && has_constant_qp(job)) {
    first_.emplace(FirstPicture{job.qp, copy_of(pixels, job.stream.width, job.stream.height),
                                units_that_decode(picture.bytes)});
  }
  if (!last_was_key_) {
    group_qp_.reset();
    group_varies_ = false;
  }
  return picture;
}

/// Whether an encoder of the other form made the first picture alike and is in place now.
bool StreamEncoder::change_form() {
  if (!first_) return false;
  EncoderSettings settings = encoder_->settings();
  settings.quantisers = {Quantisers::Form::by_picture, first_->qp, first_->qp};
  auto opened = H264Encoder::open(settings);
  if (!opened) return false;
  const Pixels pixels = tight_pixels(settings.stream.width, settings.stream.height, first_->pixels);
  const auto again = (*opened)->encode(pixels, {true, first_->qp});
  if (!again || units_that_decode(again->bytes) != first_->units) return false;
  encoder_ = opened.take();
  return true;
}

void StreamEncoder::settle_form(const Job& job) {
  const Quantisers& quantisers = encoder_->settings().quantisers;
  group_varies_ = group_varies_ || (group_qp_ && *group_qp_ != job.qp);
  group_qp_ = job.qp;
  const bool fits = quantisers.form == Quantisers::Form::by_picture || quantisers.inter == job.qp;
  if (!fits && !change_form() && !told_of_waiting_) {
    told_of_waiting_ = true;
    messages_.info("the quantiser changes from " + std::to_string(quantisers.inter) + " to " +
                   std::to_string(job.qp) + " with the next IDR picture");
  }
  first_.reset();
}

Result<CodedPicture> StreamEncoder::encode_inter(const Job& job, const Pixels& pixels) {
  const StreamSettings& now = encoder_->settings().stream;
  if (now.width != job.stream.width || now.height != job.stream.height)
    return refuse(VA_STATUS_ERROR_ENCODING_ERROR, "the size changed without an IDR picture");
  if (has_constant_qp(job)) settle_form(job);
  follow_rate(job);
  return encoder_->encode(pixels, {false, job.qp});
}

void StreamEncoder::follow_rate(const Job& job) {
  if (job.rate.mode != VA_RC_CQP && !job.rate.filler && encoder_->settings().rate != job.rate)
    encoder_->change_rate(job.rate);
}

}  // namespace millrace::softva
