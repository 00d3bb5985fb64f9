// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_queue.h"

#include "hw/v4l2/output_offer.h"
#include "hw/v4l2/patience.h"
#include "hw/v4l2/wire_buffer.h"

namespace millrace::v4l2 {
namespace {

timeval time_of(Timestamp moment) {
  const auto since =
      std::chrono::duration_cast<std::chrono::microseconds>(moment.time_since_epoch());
  return {.tv_sec = since.count() / 1'000'000, .tv_usec = since.count() % 1'000'000};
}

}  // namespace

Result<> OutputQueue::put(Ref<Buffer> frame, uint32_t index, const std::stop_token& stop) {
  if (index >= frames_.size() || frames_[index]) {
    return fail(ErrorKind::internal, "feed " + device_->name() + ": the device has this buffer");
  }
  WireBuffer wire(device_->buffer_type(), index);
  wire.set_used(static_cast<uint32_t>(image_bytes_));
  wire.wire().timestamp = time_of(frame->timing.captured);
  int error_number = device_->control(VIDIOC_QBUF, &wire.wire());
  if (error_number != 0) return device_->lost("VIDIOC_QBUF", error_number);
  frames_[index] = std::move(frame);
  ++kept_;
  if (!started_) {
    uint32_t type = device_->buffer_type();
    error_number = device_->control(VIDIOC_STREAMON, &type);
    if (error_number != 0) return device_->lost("VIDIOC_STREAMON", error_number);
    started_ = true;
  }
  while (kept_ > kept_buffers) MILLRACE_TRY(take_one_back(stop, longest_wait));
  return {};
}

Result<> OutputQueue::take_one_back(const std::stop_token& stop, Duration limit) {
  WireBuffer wire(device_->buffer_type(), 0);
  const int error_number = MILLRACE_TRY(until_ready(
      *device_, stop, [&] { return device_->control(VIDIOC_DQBUF, &wire.wire()); }, limit));
  if (error_number != 0) return device_->lost("VIDIOC_DQBUF", error_number);
  const uint32_t index = wire.wire().index;
  if (index >= frames_.size() || !frames_[index]) {
    return fail(ErrorKind::output_failed,
                "feed " + device_->name() + ": it gave back a buffer that it did not have");
  }
  if ((wire.wire().flags & V4L2_BUF_FLAG_ERROR) != 0) ++spoiled_;
  frames_[index] = nullptr;
  --kept_;
  return {};
}

Result<> OutputQueue::finish(const std::stop_token& stop) {
  constexpr Duration a_moment = std::chrono::milliseconds(200);
  while (kept_ > 0) {
    const Result<> back = take_one_back(stop, a_moment);
    if (back) continue;
    if (back.error().code == ETIMEDOUT) break;
    return fail(back.error());
  }
  return {};
}

void OutputQueue::stop() noexcept {
  uint32_t type = device_->buffer_type();
  if (started_) static_cast<void>(device_->control(VIDIOC_STREAMOFF, &type));
  started_ = false;
  kept_ = 0;
  for (Ref<Buffer>& frame : frames_) frame = nullptr;
}

}  // namespace millrace::v4l2
