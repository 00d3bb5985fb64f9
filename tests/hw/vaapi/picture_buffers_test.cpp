// SPDX-License-Identifier: MIT
#include "hw/vaapi/picture_buffers.h"

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

constexpr uint32_t all_headers = VA_ENC_PACKED_HEADER_SEQUENCE | VA_ENC_PACKED_HEADER_PICTURE |
                                 VA_ENC_PACKED_HEADER_SLICE | VA_ENC_PACKED_HEADER_RAW_DATA;

template <class T>
T read_as(std::span<const uint8_t> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string name_of_misc(std::span<const uint8_t> content) {
  switch (read_as<VAEncMiscParameterType>(content)) {
    case VAEncMiscParameterTypeRateControl:
      return "rate";
    case VAEncMiscParameterTypeHRD:
      return "hrd";
    case VAEncMiscParameterTypeFrameRate:
      return "frame-rate";
    case VAEncMiscParameterTypeQualityLevel:
      return "quality";
    default:
      return "misc?";
  }
}

std::string name_of(const PictureBuffers& buffers, const PictureBuffers::Entry& entry) {
  const std::span<const uint8_t> content = buffers.content(entry);
  switch (entry.type) {
    case VAEncSequenceParameterBufferType:
      return "sequence";
    case VAEncPictureParameterBufferType:
      return "picture";
    case VAEncSliceParameterBufferType:
      return "slice";
    case VAEncMiscParameterBufferType:
      return name_of_misc(content);
    case VAEncPackedHeaderParameterBufferType:
      return "header" + std::to_string(read_as<VAEncPackedHeaderParameterBuffer>(content).type);
    case VAEncPackedHeaderDataBufferType:
      return "nal" + std::to_string(content[4] & 31);
    default:
      return "?";
  }
}

class PictureOrder : public ::testing::Test {
 protected:
  PictureOrder() {
    Result<H264Stream> made = describe_stream({.width = 64, .height = 64}, {});
    if (made) stream_ = made.take();
  }

  [[nodiscard]] PictureDescription description() const {
    return {.stream = stream_, .picture = picture_, .targets = targets_, .rate = rate_};
  }

  static std::vector<std::string> order_of(const PictureBuffers& buffers) {
    std::vector<std::string> names;
    for (const PictureBuffers::Entry& entry : buffers.entries()) {
      names.push_back(name_of(buffers, entry));
    }
    return names;
  }

  static std::vector<std::string> order_of(const PictureDescription& description) {
    PictureBuffers buffers;
    buffers.describe(description);
    return order_of(buffers);
  }

  H264Stream stream_;
  H264Picture picture_ = next_picture({}, true);
  PictureTargets targets_;
  RateControl rate_;
};

using Names = std::vector<std::string>;

TEST_F(PictureOrder, of_an_idr_is_the_one_that_suits_every_driver) {
  rate_ = {.mode = RateMode::vbr, .peak_bits_per_second = 1000, .buffer_bits = 1000};
  PictureDescription everything = description();
  everything.packed_headers = all_headers;
  everything.quality_level = 4;
  everything.access_unit_delimiter = true;
  everything.user_data = "who";
  EXPECT_EQ(order_of(everything),
            (Names{"sequence", "picture", "rate", "hrd", "frame-rate", "quality",  //
                   "header4", "nal9", "header1", "nal7", "header2", "nal8", "header4", "nal6",
                   "header3", "nal5", "slice"}));
}

TEST_F(PictureOrder, of_a_predicted_picture_has_nothing_of_the_stream) {
  picture_ = next_picture(picture_, false);
  PictureDescription predicted = description();
  predicted.packed_headers = all_headers;
  predicted.quality_level = 4;
  predicted.access_unit_delimiter = true;
  predicted.user_data = "who";
  EXPECT_EQ(order_of(predicted), (Names{"picture", "header4", "nal9", "header3", "nal1", "slice"}));
}

TEST_F(PictureOrder, has_no_rate_control_at_constant_qp_but_always_a_frame_rate) {
  EXPECT_EQ(order_of(description()), (Names{"sequence", "picture", "frame-rate", "slice"}));
}

TEST_F(PictureOrder, sends_a_changed_rate_with_a_predicted_picture) {
  picture_ = next_picture(picture_, false);
  rate_ = {.mode = RateMode::cbr, .peak_bits_per_second = 1000, .buffer_bits = 1000};
  PictureDescription changed = description();
  changed.rate_changed = true;
  EXPECT_EQ(order_of(changed), (Names{"picture", "rate", "hrd", "frame-rate", "slice"}));
}

TEST_F(PictureOrder, packs_only_what_the_driver_advertises) {
  PictureDescription some = description();
  some.access_unit_delimiter = true;
  some.user_data = "who";
  some.packed_headers = VA_ENC_PACKED_HEADER_SEQUENCE;
  EXPECT_EQ(order_of(some),
            (Names{"sequence", "picture", "frame-rate", "header1", "nal7", "slice"}));
  some.packed_headers = VA_ENC_PACKED_HEADER_MISC;
  EXPECT_EQ(order_of(some), (Names{"sequence", "picture", "frame-rate", "header4", "nal9",
                                   "header4", "nal6", "slice"}));
}

TEST_F(PictureOrder, leaves_each_header_one_start_code_its_exact_length_and_the_flag) {
  PictureDescription packed = description();
  packed.packed_headers = all_headers;
  packed.access_unit_delimiter = true;
  PictureBuffers buffers;
  buffers.describe(packed);
  uint32_t bits = 0;
  for (const PictureBuffers::Entry& entry : buffers.entries()) {
    const std::span<const uint8_t> content = buffers.content(entry);
    if (entry.type == VAEncPackedHeaderParameterBufferType) {
      const auto header = read_as<VAEncPackedHeaderParameterBuffer>(content);
      EXPECT_EQ(header.has_emulation_bytes, 1);
      bits = header.bit_length;
    } else if (entry.type == VAEncPackedHeaderDataBufferType) {
      EXPECT_EQ((bits + 7) / 8, content.size());
      const std::string text(content.begin(), content.end());
      EXPECT_EQ(text.find(std::string("\0\0\1", 3)), 1U);
      EXPECT_EQ(text.find(std::string("\0\0\1", 3), 4), std::string::npos);
    }
  }
}

TEST_F(PictureOrder, forgets_the_picture_before) {
  PictureBuffers buffers;
  buffers.describe(description());
  buffers.describe(description());
  EXPECT_EQ(order_of(buffers), (Names{"sequence", "picture", "frame-rate", "slice"}));
}

}  // namespace
}  // namespace millrace::vaapi
