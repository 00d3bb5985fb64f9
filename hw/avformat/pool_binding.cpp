// SPDX-License-Identifier: MIT
#include "hw/avformat/pool_binding.h"

#include <algorithm>

#include "engine/observe/stage_scope.h"
#include "hw/avformat/clip_probe.h"

namespace millrace::avformat {

PoolBinding::PoolBinding(Params params)
    : params_(std::move(params)), loans_(params_.pool->config().count.limit()) {
  for (Loan& loan : loans_) loan.owner = this;
  // One buffer always stays for pictures that lie elsewhere.
  const uint64_t most = std::max<uint64_t>(loans_.size(), 2) - 1;
  params_.most_held = std::min(params_.most_held, most);
}

PoolBinding::~PoolBinding() = default;

bool PoolBinding::fits(AVCodecContext& context, const AVFrame& frame) const {
  if (frame.format != params_.format) return false;
  const DecoderNeeds needs = needs_of(context, params_.format, frame.width, frame.height);
  for (size_t index = 0; index < params_.layout.plane_count(); ++index) {
    const DecoderNeeds::Plane& need = needs.plane[index];
    const PlaneLayout& plane = params_.layout.plane[index];
    if (plane.stride < need.stride_min || plane.stride % need.stride_align != 0 ||
        plane.rows < need.rows_min) {
      return false;
    }
  }
  return true;
}

bool PoolBinding::reserve() {
  const Lock lock(mutex_);
  if (held_ >= params_.most_held) return false;
  ++held_;
  return true;
}

int PoolBinding::get_buffer(AVCodecContext* context, AVFrame* frame, int flags) {
  auto& binding = *static_cast<PoolBinding*>(context->opaque);
  if (!binding.fits(*context, *frame)) return avcodec_default_get_buffer2(context, frame, flags);
  if (!binding.reserve()) return binding.lend_other_memory(*frame);
  const int code = binding.lend(*frame);
  if (code < 0) {
    const Lock lock(binding.mutex_);
    --binding.held_;
  }
  return code;
}

int PoolBinding::lend(AVFrame& frame) {
  auto acquired = params_.pool->acquire(stop_.get_token());
  if (!acquired) return AVERROR_EXIT;
  Ref<Buffer> buffer = acquired.take();
  auto window = buffer->write();
  if (!window) return AVERROR(ENOMEM);
  const std::span<std::byte> bytes = window->bytes();
  auto* const start = reinterpret_cast<uint8_t*>(bytes.data());
  Loan& loan = loans_.at(buffer->slot());
  frame.buf[0] = av_buffer_create(start, bytes.size(), release, &loan, 0);
  if (frame.buf[0] == nullptr) return AVERROR(ENOMEM);
  point_into(start, frame);
  loan.recorded = observe::StageScope::current() != nullptr;
  loan.window.emplace(window.take());
  loan.buffer = std::move(buffer);
  return 0;
}

int PoolBinding::lend_other_memory(AVFrame& frame) const {
  frame.buf[0] = av_buffer_alloc(params_.pool->config().size);
  if (frame.buf[0] == nullptr) return AVERROR(ENOMEM);
  point_into(frame.buf[0]->data, frame);
  return 0;
}

void PoolBinding::point_into(uint8_t* start, AVFrame& frame) const {
  for (size_t index = 0; index < params_.layout.plane_count(); ++index) {
    frame.data[index] = start + params_.layout.plane[index].offset;
    frame.linesize[index] = static_cast<int>(params_.layout.plane[index].stride);
  }
  frame.extended_data = frame.data;
}

void PoolBinding::release(void* opaque, uint8_t* /*data*/) {
  auto& loan = *static_cast<Loan*>(opaque);
  loan.owner->forget(loan);
}

void PoolBinding::forget(Loan& loan) {
  {
    const Lock lock(mutex_);
    --held_;
  }
  loan.window.reset();
  // Last: once the buffer is home, this loan may be given out again.
  const Ref<Buffer> returned = std::move(loan.buffer);
}

bool PoolBinding::lies_in_place(const AVFrame& frame, const Loan& loan) const {
  const uint8_t* const start = frame.buf[0]->data;
  for (size_t index = 0; index < params_.layout.plane_count(); ++index) {
    if (frame.data[index] != start + params_.layout.plane[index].offset) return false;
  }
  return loan.window.has_value();
}

Ref<Buffer> PoolBinding::claim(const AVFrame& frame) {
  if (frame.buf[0] == nullptr) return nullptr;
  const auto* const opaque = static_cast<const Loan*>(av_buffer_get_opaque(frame.buf[0]));
  const auto of_frame = [opaque](const Loan& loan) { return &loan == opaque; };
  const auto loan = std::ranges::find_if(loans_, of_frame);
  if (loan == loans_.end() || !lies_in_place(frame, *loan)) return nullptr;
  if (!loan->recorded) {
    observe::StageScope::record_window(loan->buffer->memory().identity().inode, {.write = true});
  }
  loan->window.reset();  // the picture is whole: from here on it is only read
  return loan->buffer;
}

}  // namespace millrace::avformat
