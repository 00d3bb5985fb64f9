// SPDX-License-Identifier: MIT
#include "hw/softva/coded_buffer.h"

#include <algorithm>
#include <utility>

#include "hw/softva/nal.h"
#include "hw/softva/refusal.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

CodedBuffer::CodedBuffer(uint32_t capacity, const Knobs& knobs, SharedSegment shared)
    : Buffer(VAEncCodedBufferType, capacity, 1),
      capacity_(capacity),
      knobs_(knobs),
      shared_(std::move(shared)),
      segments_(1) {}

Result<> CodedBuffer::begin(std::shared_ptr<Surface> input) {
  if (mapped())
    return refuse(VA_STATUS_ERROR_INVALID_BUFFER, "encode: the coded buffer is still mapped");
  if (!pending_.try_begin_alone())
    return refuse(VA_STATUS_ERROR_INVALID_BUFFER,
                  "encode: the coded buffer still waits for an earlier picture");
  Lock lock(state_mutex_);
  syncs_at_begin_ = input->syncs;
  input_ = std::move(input);
  failed_ = false;
  return {};
}

void CodedBuffer::complete(CodedPicture picture, bool is_bad) {
  {
    Lock lock(state_mutex_);
    bytes_ = std::move(picture.bytes);
    status_ = static_cast<uint32_t>(picture.average_qp) & VA_CODED_BUF_STATUS_PICTURE_AVE_QP_MASK;
    if (is_bad) status_ |= VA_CODED_BUF_STATUS_BAD_BITSTREAM;
    if (bytes_.size() > capacity_) {
      bytes_.clear();
      status_ |= VA_CODED_BUF_STATUS_BAD_BITSTREAM | VA_CODED_BUF_STATUS_SLICE_OVERFLOW_MASK;
      failed_ = knobs_.overflow_is_error;
    }
    lay_out_segments();
  }
  pending_.end();
}

void CodedBuffer::fail() {
  {
    Lock lock(state_mutex_);
    failed_ = true;
  }
  pending_.end();
}

bool CodedBuffer::is_too_early() const {
  return knobs_.sync == Knobs::Sync::early && input_ && input_->syncs == syncs_at_begin_;
}

Result<void*> CodedBuffer::map() {
  pending_.wait();
  Lock lock(state_mutex_);
  if (failed_ || is_too_early()) return refuse(VA_STATUS_ERROR_ENCODING_ERROR);
  count_map();
  if (!shared_) return segments_.data();
  *shared_ = segments_.front();
  return shared_.get();
}

Result<> CodedBuffer::sync(uint64_t timeout_ns) {
  if (knobs_.sync == Knobs::Sync::early) return {};
  if (!pending_.wait_for(timeout_ns)) return refuse(VA_STATUS_ERROR_TIMEDOUT);
  Lock lock(state_mutex_);
  if (failed_) return refuse(VA_STATUS_ERROR_ENCODING_ERROR);
  return {};
}

void CodedBuffer::add_segment(uint8_t* data, size_t size, uint32_t status) {
  VACodedBufferSegment segment = {};
  segment.size = static_cast<uint32_t>(size);
  segment.status = status;
  segment.buf = data;
  segments_.push_back(segment);
}

void CodedBuffer::lay_out_segments() {
  segments_.clear();
  const bool split = knobs_.segments == Knobs::Segments::split && !bytes_.empty();
  if (split)
    for (const NalSpan& nal : find_nals(bytes_))
      add_segment(bytes_.data() + nal.begin, nal.end - nal.begin,
                  status_ | VA_CODED_BUF_STATUS_SINGLE_NALU);
  else
    add_segment(bytes_.data(), bytes_.size(), status_);
  if (split || knobs_.segments == Knobs::Segments::tail)
    add_segment(bytes_.data() + bytes_.size(), 0, status_);
  if (knobs_.segments == Knobs::Segments::outside)
    add_segment(bytes_.data() + capacity_ + 4096, size_t{capacity_} + 1, status_);
  for (size_t i = 0; i + 1 < segments_.size(); ++i) segments_[i].next = &segments_[i + 1];
}

}  // namespace millrace::softva
