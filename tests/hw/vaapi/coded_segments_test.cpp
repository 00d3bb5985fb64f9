// SPDX-License-Identifier: MIT
#include "hw/vaapi/coded_segments.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

/// A coded buffer of 64 bytes with the letters of the alphabet in it.
class CodedSegments : public ::testing::Test {
 protected:
  CodedSegments() {
    for (size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = static_cast<char>('a' + i % 26);
  }

  VACodedBufferSegment& add(size_t offset, uint32_t size, uint32_t status = 0) {
    VACodedBufferSegment segment{};
    segment.size = size;
    segment.status = status;
    segment.buf = bytes_.data() + offset;
    segments_.push_back(segment);
    return segments_.back();
  }

  Result<CodedBytes> gather() {
    for (size_t i = 0; i + 1 < segments_.size(); ++i) segments_[i].next = &segments_[i + 1];
    return gather_segments(segments_.empty() ? nullptr : segments_.data(), bytes_.size(),
                           std::span(out_).first(room_));
  }

  [[nodiscard]] std::string gathered(size_t size) const {
    std::string text;
    for (size_t i = 0; i < size; ++i) text += static_cast<char>(out_[i]);
    return text;
  }

  void expect_refusal(const std::string& words) {
    const Result<CodedBytes> result = gather();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().what.find(words), std::string::npos) << result.error().what;
  }

  std::array<char, 64> bytes_{};
  std::array<std::byte, 64> out_{};
  size_t room_ = 64;
  std::vector<VACodedBufferSegment> segments_;
};

TEST_F(CodedSegments, are_joined_in_order_with_the_empty_ones_left_out) {
  add(0, 3, 28);
  add(3, 0);
  add(10, 2);
  add(12, 0);
  const Result<CodedBytes> result = gather();
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(gathered(result->size), "abckl");
  EXPECT_EQ(result->average_qp, 28);
}

TEST_F(CodedSegments, are_refused_when_there_is_nothing_in_them) {
  expect_refusal("no segment");
  add(0, 0);
  expect_refusal("no bytes");
}

TEST_F(CodedSegments, are_refused_outside_the_coded_buffer) {
  add(0, 4);
  add(60, 5);
  expect_refusal("outside the coded buffer");
}

TEST_F(CodedSegments, are_refused_before_the_coded_buffer) {
  add(8, 4);
  add(0, 4);
  expect_refusal("outside the coded buffer");
}

TEST_F(CodedSegments, are_refused_when_one_is_larger_than_the_coded_buffer) {
  add(0, UINT32_MAX);
  expect_refusal("outside the coded buffer");
}

TEST_F(CodedSegments, are_refused_without_an_address) {
  add(0, 4).buf = nullptr;
  expect_refusal("without an address");
}

TEST_F(CodedSegments, are_refused_when_they_start_within_a_byte) {
  add(0, 4).bit_offset = 3;
  expect_refusal("within a byte");
}

TEST_F(CodedSegments, are_refused_with_a_bad_status_and_taken_with_an_informative_one) {
  add(0, 4, VA_CODED_BUF_STATUS_BAD_BITSTREAM);
  expect_refusal("bad");
  segments_.clear();
  add(0, 4, VA_CODED_BUF_STATUS_SLICE_OVERFLOW_MASK);
  expect_refusal("did not fit");
  segments_.clear();
  add(0, 4, VA_CODED_BUF_STATUS_BITRATE_HIGH | VA_CODED_BUF_STATUS_SINGLE_NALU);
  EXPECT_TRUE(gather());
}

TEST_F(CodedSegments, are_refused_when_the_packet_is_too_small_for_them) {
  room_ = 5;
  add(0, 3);
  add(3, 3);
  expect_refusal("more bytes than the packet");
}

TEST_F(CodedSegments, are_refused_when_the_list_does_not_end) {
  add(0, 1);
  segments_.front().next = segments_.data();
  room_ = 64;
  segments_.front().size = 0;
  expect_refusal("does not end");
}

}  // namespace
}  // namespace millrace::vaapi
