// SPDX-License-Identifier: MIT
// The knob validate=1: headers that agree with their buffers pass, and one wrong bit does not.
#include <functional>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/display.h"
#include "tests/hw/softva/packed_headers.h"

namespace millrace::softva_test {
namespace {

constexpr uint32_t all_headers = VA_ENC_PACKED_HEADER_SEQUENCE | VA_ENC_PACKED_HEADER_PICTURE |
                                 VA_ENC_PACKED_HEADER_SLICE | VA_ENC_PACKED_HEADER_RAW_DATA |
                                 VA_ENC_PACKED_HEADER_MISC;

class Validate : public testing::Test {
 protected:
  /// The next picture with its headers.
  PictureData next(bool is_idr) {
    PictureData data = client.next(is_idr);
    headers = write_headers(data, client.stream);
    attach(data, headers);
    return data;
  }

  void expect_good(bool is_idr) {
    EXPECT_EQ(client.submit(next(is_idr)), VA_STATUS_SUCCESS) << display.messages();
    EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS);
  }

  /// Every bit of the header in turn flipped; returns the fields with a flip that was accepted.
  std::set<std::string> survivors(PictureData data, size_t packed_index, const BitWriter& header) {
    std::set<std::string> names;
    const uint32_t type = data.packed[packed_index].type;
    for (const WrittenField& field : header.fields())
      for (size_t bit = field.first_bit; bit < field.first_bit + field.bits; ++bit) {
        std::vector<bool> mutated = header.written();
        mutated[bit] = !mutated[bit];
        data.packed[packed_index] = packed_as(type, mutated);
        Client fresh(display, stream);
        data.picture->coded_buf = fresh.coded;
        data.picture->CurrPic.picture_id = fresh.reconstructed[0];
        if (fresh.submit(data) == VA_STATUS_SUCCESS) names.insert(field.name);
      }
    return names;
  }

  const Stream stream{.width = 60, .height = 50, .packed_headers = all_headers};
  const Display display{std::string("validate=1")};
  Client client{display, stream};
  PictureHeaders headers;
};

TEST_F(Validate, passes_a_stream_whose_headers_agree_with_its_buffers) {
  for (int picture = 0; picture < 12; ++picture) expect_good(picture % 5 == 0);
}

TEST_F(Validate, refuses_a_flip_of_any_bit_of_the_sps) {
  const PictureData good = next(true);
  // A set may be of any importance but none; what the buffers do not say may be announced.
  const std::set<std::string> free = {"nal_ref_idc", "overscan_info_present_flag",
                                      "pic_struct_present_flag", "max_bytes_per_pic_denom",
                                      "max_bits_per_mb_denom"};
  for (const std::string& name : survivors(good, 0, headers.sps))
    EXPECT_TRUE(free.contains(name)) << name;
}

TEST_F(Validate, refuses_a_flip_of_any_bit_of_the_pps) {
  const PictureData good = next(true);
  for (const std::string& name : survivors(good, 1, headers.pps)) EXPECT_EQ(name, "nal_ref_idc");
}

TEST_F(Validate, refuses_a_flip_of_any_bit_of_a_key_picture_s_slice_header) {
  const PictureData good = next(true);
  for (const std::string& name : survivors(good, 2, headers.slice)) EXPECT_EQ(name, "nal_ref_idc");
}

TEST_F(Validate, refuses_a_flip_of_any_bit_of_another_picture_s_slice_header) {
  expect_good(true);
  const PictureData good = next(false);
  const std::vector<bool> right = headers.slice.written();
  for (const WrittenField& field : headers.slice.fields())
    for (size_t bit = field.first_bit; bit < field.first_bit + field.bits; ++bit) {
      if (field.name == "nal_ref_idc" && bit == field.first_bit) continue;
      PictureData bad = good;
      std::vector<bool> mutated = right;
      mutated[bit] = !mutated[bit];
      bad.packed[0] = packed_as(VAEncPackedHeaderSlice, mutated);
      EXPECT_EQ(client.submit(bad), VA_STATUS_ERROR_INVALID_PARAMETER) << field.name;
    }
  EXPECT_EQ(client.submit(good), VA_STATUS_SUCCESS) << display.messages();
}

/// A picture whose buffers were changed after its headers were written.
struct Disagreement {
  const char* name;
  std::function<void(PictureData&)> change;
  const char* message;
};

TEST_F(Validate, names_the_field_that_disagrees) {
  const std::vector<Disagreement> cases = {
      {"level", [](auto& d) { d.sequence->level_idc = 31; }, "level_idc is 40, not 31"},
      {"crop", [](auto& d) { d.sequence->frame_crop_right_offset = 1; }, "frame_crop_right_offset"},
      {"qp", [](auto& d) { d.picture->pic_init_qp = 27; }, "pic_init_qp is 26, not 27"},
      {"transform", [](auto& d) { d.picture->pic_fields.bits.transform_8x8_mode_flag = 0; },
       "transform_8x8_mode_flag"},
      {"delta", [](auto& d) { d.slices[0].slice_qp_delta = 3; }, "slice_qp_delta is 0, not 3"},
      {"idr id", [](auto& d) { ++d.slices[0].idr_pic_id; }, "idr_pic_id"},
      {"tick", [](auto& d) { ++d.sequence->num_units_in_tick; }, "num_units_in_tick"},
      {"refs", [](auto& d) { d.sequence->max_num_ref_frames = 2; }, "max_num_ref_frames"},
  };
  for (const Disagreement& one : cases) {
    SCOPED_TRACE(one.name);
    PictureData data = next(true);
    one.change(data);
    const size_t before = display.messages().size();
    EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
    EXPECT_NE(display.messages().substr(before).find(one.message), std::string::npos)
        << display.messages().substr(before);
  }
  expect_good(true);
}

TEST_F(Validate, wants_every_header_that_was_negotiated) {
  for (size_t missing = 0; missing < 3; ++missing) {
    PictureData data = next(true);
    data.packed.erase(data.packed.begin() + static_cast<ptrdiff_t>(missing));
    EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER) << missing;
  }
  PictureData twice = next(true);
  twice.packed.push_back(twice.packed.back());
  EXPECT_EQ(client.submit(twice), VA_STATUS_ERROR_INVALID_PARAMETER);
  expect_good(true);
}

TEST_F(Validate, wants_headers_in_the_order_of_a_stream) {
  PictureData data = next(true);
  std::swap(data.packed[0], data.packed[1]);
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  data = next(true);
  data.packed.push_back({VAEncPackedHeaderRawData, 48, {0, 0, 0, 1, 9, 0x10}, true});
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST_F(Validate, reads_delimiters_and_sei) {
  const PackedData intra_delimiter = {VAEncPackedHeaderRawData, 48, {0, 0, 0, 1, 9, 0x10}, true};
  const PackedData sei = {VAEncPackedHeaderRawData, 72, {0, 0, 0, 1, 6, 200, 1, 0x55, 0x80}, true};
  PictureData data = next(true);
  data.packed.insert(data.packed.begin(), intra_delimiter);
  data.packed.insert(data.packed.begin() + 3, sei);
  EXPECT_EQ(client.submit(data), VA_STATUS_SUCCESS) << display.messages();
  EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS);

  data = next(false);
  data.packed.insert(data.packed.begin(), intra_delimiter);
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);

  data = next(true);
  PackedData cut = sei;
  cut.bytes[6] = 9;
  data.packed.insert(data.packed.begin() + 2, cut);
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST_F(Validate, wants_correct_emulation_prevention_and_framing) {
  const PictureData good = next(true);
  PictureData data = good;
  data.packed[0].bytes.insert(data.packed[0].bytes.begin(), 0x55);
  data.packed[0].bit_length += 8;
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  data = good;
  data.packed[0].bytes.push_back(0);
  data.packed[0].bit_length += 8;
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  data = good;
  data.packed[2].bit_length -= 1;
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  data = good;
  data.packed[2].bytes.push_back(0);
  data.packed[2].bit_length += 1;
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(client.submit(good), VA_STATUS_SUCCESS);
}

TEST_F(Validate, takes_headers_without_emulation_bytes) {
  PictureData data = next(true);
  for (PackedData& packed : data.packed) packed.has_emulation_bytes = false;
  // The SPS of this size has no two zeros that would need prevention.
  EXPECT_EQ(client.submit(data), VA_STATUS_SUCCESS) << display.messages();
}

TEST_F(Validate, follows_references_and_numbers_from_picture_to_picture) {
  expect_good(true);
  expect_good(false);
  const PictureData good = next(false);
  const auto refuse = [this, &good](const std::function<void(PictureData&)>& change) {
    PictureData bad = good;
    change(bad);
    bad.packed[0] =
        packed_as(VAEncPackedHeaderSlice, write_headers(bad, client.stream).slice.written());
    EXPECT_EQ(client.submit(bad), VA_STATUS_ERROR_INVALID_PARAMETER);
  };
  refuse([](PictureData& d) { d.picture->CurrPic.frame_idx = d.picture->frame_num = 3; });
  refuse([](PictureData& d) { d.picture->CurrPic.frame_idx = 7; });
  refuse([](PictureData& d) { d.slices[0].pic_order_cnt_lsb = 9; });
  refuse([](PictureData& d) { d.picture->ReferenceFrames[0] = no_picture(); });
  refuse([](PictureData& d) { d.picture->ReferenceFrames[1] = d.picture->ReferenceFrames[0]; });
  refuse([](PictureData& d) { d.picture->ReferenceFrames[3].flags = 0; });
  refuse([this](PictureData& d) {
    d.picture->ReferenceFrames[0].picture_id = client.reconstructed[0];
  });
  refuse([](PictureData& d) { d.slices[0].macroblock_info = 0; });
  refuse([](PictureData& d) {
    d.picture->CurrPic.picture_id = d.picture->ReferenceFrames[0].picture_id;
  });
  EXPECT_EQ(client.submit(good), VA_STATUS_SUCCESS) << display.messages();
  EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS);
  expect_good(true);
  PictureData same_id = next(true);
  --same_id.slices[0].idr_pic_id;
  same_id.packed[2] =
      packed_as(VAEncPackedHeaderSlice, write_headers(same_id, client.stream).slice.written());
  EXPECT_EQ(client.submit(same_id), VA_STATUS_ERROR_INVALID_PARAMETER);
}

TEST_F(Validate, wants_misc_parameters_that_make_sense) {
  VAEncMiscParameterHRD hrd = {};
  hrd.buffer_size = 1000;
  PictureData data = next(true);
  data.misc.push_back(misc(VAEncMiscParameterTypeHRD, hrd));
  EXPECT_EQ(client.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);

  Client variable(display, {.rate_control = VA_RC_VBR});
  VAEncMiscParameterRateControl rate = {};
  rate.bits_per_second = 1'000'000;
  data = variable.next(true);
  data.misc = {misc(VAEncMiscParameterTypeRateControl, rate)};
  EXPECT_EQ(variable.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  rate.target_percentage = 80;
  data.misc = {misc(VAEncMiscParameterTypeRateControl, rate)};
  EXPECT_EQ(variable.submit(data), VA_STATUS_SUCCESS) << display.messages();
}

TEST_F(Validate, checks_nothing_that_was_not_negotiated) {
  Client plain(display, {});
  EXPECT_FALSE(plain.encode(true).empty());
}

TEST_F(Validate, survives_ten_thousand_random_mutations) {
  std::mt19937 random(20240229);
  const PictureData key = next(true);
  EXPECT_EQ(client.submit(key), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS);
  const PictureData inter = next(false);
  for (int round = 0; round < 10'000; ++round) {
    PictureData data = round % 2 == 0 ? key : inter;
    PackedData& packed = data.packed[random() % data.packed.size()];
    for (uint32_t changes = random() % 8 + 1; changes > 0; --changes)
      packed.bytes[random() % packed.bytes.size()] = static_cast<uint8_t>(random());
    if (random() % 4 == 0) {
      packed.bytes.resize(random() % packed.bytes.size() + 1);
      packed.bit_length = static_cast<uint32_t>(random() % (packed.bytes.size() * 8 + 1));
    }
    packed.has_emulation_bytes = random() % 4 != 0;
    if (client.submit(data) == VA_STATUS_SUCCESS) {
      EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS);
    }
  }
  expect_good(true);
}

}  // namespace
}  // namespace millrace::softva_test
