// SPDX-License-Identifier: MIT
#include "hw/vaapi/coded_segments.h"

#include <cstring>
#include <string>

namespace millrace::vaapi {
namespace {

// One for each NAL unit of a picture and some spare; a list that is longer is a ring.
constexpr int max_segments = 1024;

Failure refuse(const std::string& reason) {
  return fail(ErrorKind::internal, "read a coded picture: " + reason);
}

Result<> check_status(uint32_t status) {
  if ((status & VA_CODED_BUF_STATUS_BAD_BITSTREAM) != 0) {
    return refuse("the driver marks its bitstream as bad");
  }
  if ((status & VA_CODED_BUF_STATUS_SLICE_OVERFLOW_MASK) != 0) {
    return refuse("the picture did not fit into the coded buffer");
  }
  return {};
}

/// Where the driver's buffer lies, learned from the first segment that has bytes.
class Window {
 public:
  explicit Window(size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] Result<> admit(const VACodedBufferSegment& segment) {
    const auto start = reinterpret_cast<uintptr_t>(segment.buf);
    if (start == 0) return refuse("a segment without an address");
    if (base_ == 0) base_ = start;
    const uintptr_t offset = start - base_;  // wraps to a huge number below the base
    if (offset > capacity_ || segment.size > capacity_ - offset) {
      return refuse("a segment of " + std::to_string(segment.size) +
                    " bytes outside the coded buffer of " + std::to_string(capacity_));
    }
    if (segment.bit_offset != 0) return refuse("a segment that starts within a byte");
    return {};
  }

 private:
  size_t capacity_;
  uintptr_t base_ = 0;
};

}  // namespace

Result<CodedBytes> gather_segments(const VACodedBufferSegment* first, size_t capacity,
                                   std::span<std::byte> out) {
  CodedBytes gathered;
  Window window(capacity);
  int count = 0;
  for (const auto* segment = first; segment != nullptr;
       segment = static_cast<const VACodedBufferSegment*>(segment->next)) {
    if (++count > max_segments) return refuse("its list of segments does not end");
    MILLRACE_TRY(check_status(segment->status));
    if (segment->size == 0) continue;
    MILLRACE_TRY(window.admit(*segment));
    if (segment->size > out.size() - gathered.size) {
      return refuse("more bytes than the packet buffer of " + std::to_string(out.size()) +
                    " holds");
    }
    std::memcpy(out.data() + gathered.size, segment->buf, segment->size);
    gathered.size += segment->size;
    const auto qp = static_cast<uint8_t>(segment->status & VA_CODED_BUF_STATUS_PICTURE_AVE_QP_MASK);
    if (qp != 0) gathered.average_qp = qp;
  }
  if (gathered.size == 0) return refuse(first ? "it has no bytes" : "the driver gave no segment");
  return gathered;
}

}  // namespace millrace::vaapi
