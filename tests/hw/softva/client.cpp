// SPDX-License-Identifier: MIT
#include "tests/hw/softva/client.h"

#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>

namespace millrace::softva_test {
namespace {

constexpr uint32_t frame_num_range = 1U << 8U;
constexpr uint32_t order_count_range = 1U << 8U;

uint32_t in_macroblocks(uint32_t pixels) {
  return (pixels + 15) / 16;
}

VAConfigID make_config(VADisplay display, const Stream& stream) {
  std::vector<VAConfigAttrib> attributes = {{VAConfigAttribRTFormat, VA_RT_FORMAT_YUV420},
                                            {VAConfigAttribRateControl, stream.rate_control}};
  if (stream.packed_headers != 0)
    attributes.push_back({VAConfigAttribEncPackedHeaders, stream.packed_headers});
  VAConfigID config = VA_INVALID_ID;
  EXPECT_EQ(vaCreateConfig(display, stream.profile, stream.entrypoint, attributes.data(),
                           static_cast<int>(attributes.size()), &config),
            VA_STATUS_SUCCESS);
  return config;
}

}  // namespace

VAPictureH264 no_picture() {
  VAPictureH264 picture = {};
  picture.picture_id = VA_INVALID_ID;
  picture.flags = VA_PICTURE_H264_INVALID;
  return picture;
}

VAEncSequenceParameterBufferH264 sequence_of(const Stream& stream) {
  VAEncSequenceParameterBufferH264 sequence = {};
  const uint32_t wide = in_macroblocks(stream.width);
  const uint32_t high = in_macroblocks(stream.height);
  sequence.level_idc = 40;
  sequence.intra_period = sequence.intra_idr_period = 30;
  sequence.ip_period = 1;
  sequence.max_num_ref_frames = 1;
  sequence.picture_width_in_mbs = static_cast<uint16_t>(wide);
  sequence.picture_height_in_mbs = static_cast<uint16_t>(high);
  sequence.seq_fields.bits.chroma_format_idc = 1;
  sequence.seq_fields.bits.frame_mbs_only_flag = 1;
  sequence.seq_fields.bits.direct_8x8_inference_flag = 1;
  sequence.seq_fields.bits.log2_max_frame_num_minus4 = 4;
  sequence.seq_fields.bits.log2_max_pic_order_cnt_lsb_minus4 = 4;
  sequence.frame_crop_right_offset = (wide * 16 - stream.width) / 2;
  sequence.frame_crop_bottom_offset = (high * 16 - stream.height) / 2;
  sequence.frame_cropping_flag =
      sequence.frame_crop_right_offset != 0 || sequence.frame_crop_bottom_offset != 0;
  return sequence;
}

Client::Client(const Display& on, const Stream& wanted)
    : display(on.get()), stream(wanted), config(make_config(display, wanted)) {
  reconstructed.resize(static_cast<size_t>(stream.surfaces));
  EXPECT_EQ(vaCreateSurfaces(display, VA_RT_FORMAT_YUV420, stream.width, stream.height, &input, 1,
                             nullptr, 0),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(vaCreateSurfaces(display, VA_RT_FORMAT_YUV420, in_macroblocks(stream.width) * 16,
                             in_macroblocks(stream.height) * 16, reconstructed.data(),
                             static_cast<unsigned>(reconstructed.size()), nullptr, 0),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(vaCreateContext(display, config, static_cast<int>(in_macroblocks(stream.width) * 16),
                            static_cast<int>(in_macroblocks(stream.height) * 16), VA_PROGRESSIVE,
                            nullptr, 0, &context),
            VA_STATUS_SUCCESS);
  if (stream.coded_bytes == 0) stream.coded_bytes = stream.width * stream.height * 3 + 65536;
  EXPECT_EQ(vaCreateBuffer(display, context, VAEncCodedBufferType, stream.coded_bytes, 1, nullptr,
                           &coded),
            VA_STATUS_SUCCESS);
}

Client::~Client() {
  if (display == nullptr) return;
  vaDestroyBuffer(display, coded);
  vaDestroyContext(display, context);
  vaDestroySurfaces(display, reconstructed.data(), static_cast<int>(reconstructed.size()));
  vaDestroySurfaces(display, &input, 1);
  vaDestroyConfig(display, config);
}

void Client::paint(uint32_t number) const {
  VAImage image = {};
  ASSERT_EQ(vaDeriveImage(display, input, &image), VA_STATUS_SUCCESS);
  void* mapped = nullptr;
  ASSERT_EQ(vaMapBuffer(display, image.buf, &mapped), VA_STATUS_SUCCESS);
  auto* const bytes = static_cast<uint8_t*>(mapped);
  for (uint32_t y = 0; y < image.height; ++y)
    for (uint32_t x = 0; x < image.width; ++x)
      bytes[image.offsets[0] + y * image.pitches[0] + x] =
          static_cast<uint8_t>(16 + (x * 2 + y + number * 3) % 200);
  for (uint32_t y = 0; y < image.height / 2U; ++y)
    std::memset(bytes + image.offsets[1] + y * image.pitches[1], static_cast<int>(100 + y % 50),
                image.width);
  EXPECT_EQ(vaUnmapBuffer(display, image.buf), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(display, image.image_id), VA_STATUS_SUCCESS);
}

PictureData Client::next(bool is_idr, int qp) {
  PictureData data;
  if (is_idr) {
    data.sequence = sequence_of(stream);
    frame_num_ = 0;
    ++idr_pic_id_;
  }
  const uint32_t order = is_idr ? 0 : static_cast<uint32_t>(reference_.TopFieldOrderCnt) + 2;
  VAPictureH264 current = {};
  current.picture_id = reconstructed[number_++ % reconstructed.size()];
  current.frame_idx = frame_num_;
  current.TopFieldOrderCnt = current.BottomFieldOrderCnt = static_cast<int>(order);

  VAEncPictureParameterBufferH264& picture = data.picture.emplace();
  picture = {};
  picture.CurrPic = current;
  std::fill(std::begin(picture.ReferenceFrames), std::end(picture.ReferenceFrames), no_picture());
  if (!is_idr) picture.ReferenceFrames[0] = reference_;
  picture.coded_buf = coded;
  picture.frame_num = static_cast<uint16_t>(frame_num_);
  picture.pic_init_qp = 26;
  picture.pic_fields.bits.idr_pic_flag = is_idr;
  picture.pic_fields.bits.reference_pic_flag = 1;
  picture.pic_fields.bits.entropy_coding_mode_flag =
      stream.profile != VAProfileH264ConstrainedBaseline;
  picture.pic_fields.bits.transform_8x8_mode_flag = stream.profile == VAProfileH264High;
  picture.pic_fields.bits.deblocking_filter_control_present_flag = 1;

  VAEncSliceParameterBufferH264 slice = {};
  slice.num_macroblocks = in_macroblocks(stream.width) * in_macroblocks(stream.height);
  slice.macroblock_info = VA_INVALID_ID;
  slice.slice_type = is_idr ? 2 : 0;
  slice.idr_pic_id = idr_pic_id_;
  slice.pic_order_cnt_lsb = static_cast<uint16_t>(order % order_count_range);
  slice.direct_spatial_mv_pred_flag = 1;
  std::fill(std::begin(slice.RefPicList0), std::end(slice.RefPicList0), no_picture());
  std::fill(std::begin(slice.RefPicList1), std::end(slice.RefPicList1), no_picture());
  if (!is_idr) slice.RefPicList0[0] = reference_;
  slice.slice_qp_delta = static_cast<int8_t>(qp - 26);
  data.slices.push_back(slice);

  reference_ = current;
  reference_.flags = VA_PICTURE_H264_SHORT_TERM_REFERENCE;
  frame_num_ = (frame_num_ + 1) % frame_num_range;
  return data;
}

VABufferID Client::make_buffer(VABufferType type, uint32_t size, const void* data) {
  VABufferID id = VA_INVALID_ID;
  EXPECT_EQ(vaCreateBuffer(display, context, type, size, 1, const_cast<void*>(data), &id),
            VA_STATUS_SUCCESS);
  return id;
}

VAStatus Client::submit(const PictureData& data) {
  std::vector<VABufferID> buffers;
  if (data.sequence)
    buffers.push_back(
        make_buffer(VAEncSequenceParameterBufferType, sizeof *data.sequence, &*data.sequence));
  if (data.picture)
    buffers.push_back(
        make_buffer(VAEncPictureParameterBufferType, sizeof *data.picture, &*data.picture));
  for (const MiscData& misc : data.misc) {
    std::vector<uint8_t> bytes(sizeof misc.type);
    std::memcpy(bytes.data(), &misc.type, sizeof misc.type);
    bytes.insert(bytes.end(), misc.bytes.begin(), misc.bytes.end());
    buffers.push_back(make_buffer(VAEncMiscParameterBufferType, static_cast<uint32_t>(bytes.size()),
                                  bytes.data()));
  }
  for (const PackedData& packed : data.packed) {
    VAEncPackedHeaderParameterBuffer parameter = {};
    parameter.type = packed.type;
    parameter.bit_length = packed.bit_length;
    parameter.has_emulation_bytes = packed.has_emulation_bytes ? 1 : 0;
    buffers.push_back(
        make_buffer(VAEncPackedHeaderParameterBufferType, sizeof parameter, &parameter));
    buffers.push_back(make_buffer(VAEncPackedHeaderDataBufferType,
                                  static_cast<uint32_t>(packed.bytes.size()), packed.bytes.data()));
  }
  for (const auto& slice : data.slices)
    buffers.push_back(make_buffer(VAEncSliceParameterBufferType, sizeof slice, &slice));

  const VAStatus begun = vaBeginPicture(display, context, input);
  VAStatus rendered = VA_STATUS_SUCCESS;
  VAStatus ended = VA_STATUS_SUCCESS;
  if (begun == VA_STATUS_SUCCESS) {
    rendered = vaRenderPicture(display, context, buffers.data(), static_cast<int>(buffers.size()));
    ended = vaEndPicture(display, context);
  }
  for (const VABufferID id : buffers) EXPECT_EQ(vaDestroyBuffer(display, id), VA_STATUS_SUCCESS);
  if (begun != VA_STATUS_SUCCESS) return begun;
  return rendered != VA_STATUS_SUCCESS ? rendered : ended;
}

Coded Client::take() const {
  Coded result;
  void* mapped = nullptr;
  result.status = vaMapBuffer(display, coded, &mapped);
  if (result.status != VA_STATUS_SUCCESS) return result;
  const auto* segment = static_cast<const VACodedBufferSegment*>(mapped);
  for (; segment != nullptr; segment = static_cast<const VACodedBufferSegment*>(segment->next)) {
    result.segment_status |= segment->status;
    result.segment_sizes.push_back(segment->size);
    if (segment->size > stream.coded_bytes) continue;
    const auto* const bytes = static_cast<const uint8_t*>(segment->buf);
    if (segment->size > 0) result.bytes.insert(result.bytes.end(), bytes, bytes + segment->size);
  }
  EXPECT_EQ(vaUnmapBuffer(display, coded), VA_STATUS_SUCCESS);
  return result;
}

std::vector<uint8_t> Client::encode(bool is_idr, int qp) {
  EXPECT_EQ(submit(next(is_idr, qp)), VA_STATUS_SUCCESS);
  const Coded result = take();
  EXPECT_EQ(result.status, VA_STATUS_SUCCESS);
  EXPECT_EQ(result.segment_status & VA_CODED_BUF_STATUS_BAD_BITSTREAM, 0U);
  EXPECT_FALSE(result.bytes.empty());
  return result.bytes;
}

}  // namespace millrace::softva_test
