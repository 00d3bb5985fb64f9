// SPDX-License-Identifier: MIT
// Pictures that are wrong in one thing each: the status, and that the next right one is encoded.
#include <functional>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

class PictureStatus : public testing::Test {
 protected:
  /// Submits a picture spoilt by `spoil`, then a good one.
  void expect(VAStatus status, bool is_idr, const std::function<void(PictureData&)>& spoil) {
    PictureData data = client.next(is_idr);
    spoil(data);
    EXPECT_EQ(client.submit(data), status);
    EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS) << display.messages();
    EXPECT_FALSE(client.encode(true).empty());
  }

  const Display display;
  Client client{display, {}};
};

TEST_F(PictureStatus, of_render_and_end_without_begin) {
  VABufferID buffer = client.make_buffer(VAEncSliceParameterBufferType, 16, nullptr);
  EXPECT_EQ(vaRenderPicture(client.display, client.context, &buffer, 1),
            VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(vaEndPicture(client.display, client.context), VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(vaDestroyBuffer(client.display, buffer), VA_STATUS_SUCCESS);
}

TEST_F(PictureStatus, of_begin_twice) {
  ASSERT_EQ(vaBeginPicture(client.display, client.context, client.input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaBeginPicture(client.display, client.context, client.input),
            VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(vaEndPicture(client.display, client.context), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_FALSE(client.encode(true).empty());
}

TEST_F(PictureStatus, of_missing_parts) {
  const VAStatus invalid = VA_STATUS_ERROR_INVALID_PARAMETER;
  expect(invalid, true, [](PictureData& data) { data.sequence.reset(); });
  expect(invalid, true, [](PictureData& data) { data.picture.reset(); });
  expect(invalid, true, [](PictureData& data) { data.slices.clear(); });
}

TEST_F(PictureStatus, of_a_first_picture_that_is_no_key_picture) {
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  Client fresh(display, {});
  PictureData data = fresh.next(true);
  data.picture->pic_fields.bits.idr_pic_flag = 0;
  EXPECT_EQ(fresh.submit(data), VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_FALSE(fresh.encode(true).empty());
}

TEST_F(PictureStatus, of_sequences_that_cannot_be) {
  const VAStatus invalid = VA_STATUS_ERROR_INVALID_PARAMETER;
  expect(invalid, true, [](PictureData& data) { data.sequence->picture_width_in_mbs = 5; });
  expect(invalid, true, [](PictureData& data) { data.sequence->picture_height_in_mbs = 0; });
  expect(invalid, true, [](PictureData& data) { data.sequence->picture_width_in_mbs = 0xFFFF; });
  expect(invalid, true, [](PictureData& data) {
    data.sequence->frame_cropping_flag = 1;
    data.sequence->frame_crop_right_offset = 0xFFFFFFFF;
    data.sequence->frame_crop_left_offset = 1;
  });
  expect(invalid, true,
         [](PictureData& data) { data.sequence->seq_fields.bits.frame_mbs_only_flag = 0; });
  expect(invalid, true, [](PictureData& data) { data.sequence->bit_depth_luma_minus8 = 2; });
  expect(invalid, true, [](PictureData& data) { data.sequence->level_idc = 255; });
}

TEST_F(PictureStatus, of_slices_that_do_not_cover_the_picture) {
  const VAStatus invalid = VA_STATUS_ERROR_INVALID_PARAMETER;
  expect(invalid, true, [](PictureData& data) { data.slices[0].num_macroblocks = 15; });
  expect(invalid, true, [](PictureData& data) { data.slices.push_back(data.slices[0]); });
  expect(invalid, true, [](PictureData& data) { data.slices[0].slice_type = 0; });
}

TEST_F(PictureStatus, of_a_quantiser_out_of_range) {
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, true,
         [](PictureData& data) { data.slices[0].slice_qp_delta = 26; });
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, true,
         [](PictureData& data) { data.slices[0].slice_qp_delta = -27; });
}

TEST_F(PictureStatus, of_surfaces_that_do_not_fit) {
  expect(VA_STATUS_ERROR_INVALID_SURFACE, true,
         [](PictureData& data) { data.picture->CurrPic.picture_id = VA_INVALID_ID; });
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, true,
         [this](PictureData& data) { data.picture->CurrPic.picture_id = client.input; });
  VASurfaceID never = VA_INVALID_ID;
  ASSERT_EQ(vaCreateSurfaces(client.display, VA_RT_FORMAT_YUV420, 64, 64, &never, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, false,
         [never](PictureData& data) { data.picture->ReferenceFrames[0].picture_id = never; });
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, false,
         [never](PictureData& data) { data.slices[0].RefPicList0[0].picture_id = never; });
  expect(VA_STATUS_ERROR_INVALID_SURFACE, false,
         [](PictureData& data) { data.slices[0].RefPicList0[0] = no_picture(); });
  EXPECT_EQ(vaDestroySurfaces(client.display, &never, 1), VA_STATUS_SUCCESS);
}

TEST_F(PictureStatus, of_a_coded_buffer_that_is_none) {
  const VABufferID other = client.make_buffer(VAEncSliceParameterBufferType, 16, nullptr);
  expect(VA_STATUS_ERROR_INVALID_BUFFER, true,
         [](PictureData& data) { data.picture->coded_buf = VA_INVALID_ID; });
  expect(VA_STATUS_ERROR_INVALID_BUFFER, true,
         [other](PictureData& data) { data.picture->coded_buf = other; });
  EXPECT_EQ(vaDestroyBuffer(client.display, other), VA_STATUS_SUCCESS);
}

TEST_F(PictureStatus, of_a_coded_buffer_that_is_mapped) {
  void* mapped = nullptr;
  ASSERT_EQ(vaMapBuffer(client.display, client.coded, &mapped), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_EQ(vaUnmapBuffer(client.display, client.coded), VA_STATUS_SUCCESS);
  EXPECT_FALSE(client.encode(true).empty());
}

TEST(Busy, coded_buffers_and_surfaces_say_so) {
  const Display display;
  Client client(display, {.width = 4096, .height = 2160});
  client.paint(0);
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_ERROR_INVALID_BUFFER);
  VASurfaceStatus input = VASurfaceReady;
  VASurfaceStatus reconstruction = VASurfaceReady;
  EXPECT_EQ(vaQuerySurfaceStatus(client.display, client.input, &input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaQuerySurfaceStatus(client.display, client.reconstructed[0], &reconstruction),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(input, VASurfaceRendering);
  EXPECT_EQ(reconstruction, VASurfaceRendering);
  EXPECT_EQ(vaSyncBuffer(client.display, client.coded, 0), VA_STATUS_ERROR_TIMEDOUT);
  EXPECT_EQ(vaSyncSurface2(client.display, client.input, 0), VA_STATUS_ERROR_TIMEDOUT);
  EXPECT_EQ(vaSyncBuffer(client.display, client.coded, 1000), VA_STATUS_ERROR_TIMEDOUT);
  EXPECT_EQ(vaSyncSurface(client.display, client.input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaSyncBuffer(client.display, client.coded, VA_TIMEOUT_INFINITE), VA_STATUS_SUCCESS);
  EXPECT_FALSE(client.take().bytes.empty());
}

TEST(Busy, objects_can_be_destroyed) {
  const Display display;
  Client client(display, {.width = 1920, .height = 1080});
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroySurfaces(client.display, &client.input, 1), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyBuffer(client.display, client.coded), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyConfig(client.display, client.config), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyContext(client.display, client.context), VA_STATUS_SUCCESS);
}

TEST_F(PictureStatus, of_buffers_that_are_too_short_for_their_struct) {
  VAEncSequenceParameterBufferH264 sequence = sequence_of(client.stream);
  for (const VABufferType type : {VAEncSequenceParameterBufferType, VAEncPictureParameterBufferType,
                                  VAEncSliceParameterBufferType, VAEncMiscParameterBufferType,
                                  VAEncPackedHeaderParameterBufferType}) {
    VABufferID buffer = client.make_buffer(type, 2, &sequence);
    ASSERT_EQ(vaBeginPicture(client.display, client.context, client.input), VA_STATUS_SUCCESS);
    EXPECT_EQ(vaRenderPicture(client.display, client.context, &buffer, 1),
              VA_STATUS_ERROR_INVALID_PARAMETER);
    EXPECT_NE(vaEndPicture(client.display, client.context), VA_STATUS_SUCCESS);
    EXPECT_EQ(vaDestroyBuffer(client.display, buffer), VA_STATUS_SUCCESS);
  }
  EXPECT_FALSE(client.encode(true).empty());
}

TEST_F(PictureStatus, of_packed_data_that_is_shorter_than_it_claims_or_comes_alone) {
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, true, [](PictureData& data) {
    data.packed.push_back({VAEncPackedHeaderRawData, 65, {0, 0, 1, 9, 0x10, 0, 0, 0}, true});
  });
  VABufferID alone = client.make_buffer(VAEncPackedHeaderDataBufferType, 4, nullptr);
  ASSERT_EQ(vaBeginPicture(client.display, client.context, client.input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaRenderPicture(client.display, client.context, &alone, 1),
            VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_NE(vaEndPicture(client.display, client.context), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyBuffer(client.display, alone), VA_STATUS_SUCCESS);
}

TEST_F(PictureStatus, of_a_coded_buffer_in_render) {
  ASSERT_EQ(vaBeginPicture(client.display, client.context, client.input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaRenderPicture(client.display, client.context, &client.coded, 1),
            VA_STATUS_ERROR_INVALID_BUFFER);
  EXPECT_NE(vaEndPicture(client.display, client.context), VA_STATUS_SUCCESS);
  EXPECT_FALSE(client.encode(true).empty());
}

TEST_F(PictureStatus, of_misc_parameters) {
  VAEncMiscParameterBufferROI roi = {};
  roi.num_roi = 3;
  expect(VA_STATUS_ERROR_INVALID_PARAMETER, true,
         [&roi](PictureData& data) { data.misc.push_back(misc(VAEncMiscParameterTypeROI, roi)); });
  expect(VA_STATUS_SUCCESS, true, [](PictureData& data) {
    data.misc.push_back(misc(static_cast<VAEncMiscParameterType>(30), uint64_t{0}));
  });
}

TEST_F(PictureStatus, of_types_that_an_encoder_has_no_use_for) {
  VABufferID buffer = client.make_buffer(VAIQMatrixBufferType, 16, nullptr);
  const PictureData data = client.next(true);
  ASSERT_EQ(vaBeginPicture(client.display, client.context, client.input), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaRenderPicture(client.display, client.context, &buffer, 1), VA_STATUS_SUCCESS);
  EXPECT_NE(vaEndPicture(client.display, client.context), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyBuffer(client.display, buffer), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.submit(data), VA_STATUS_SUCCESS);
}

TEST_F(PictureStatus, of_a_wild_frame_rate_and_aspect_is_still_success) {
  expect(VA_STATUS_SUCCESS, true, [](PictureData& data) {
    VAEncMiscParameterFrameRate rate = {};
    rate.framerate = 0;
    data.misc.push_back(misc(VAEncMiscParameterTypeFrameRate, rate));
    data.sequence->vui_parameters_present_flag = 1;
    data.sequence->vui_fields.bits.timing_info_present_flag = 1;
    data.sequence->num_units_in_tick = 0xFFFFFFFF;
    data.sequence->time_scale = 0xFFFFFFFE;
    data.sequence->vui_fields.bits.aspect_ratio_info_present_flag = 1;
    data.sequence->aspect_ratio_idc = 255;
    data.sequence->sar_width = 0xFFFFFFFF;
  });
}

TEST(Overflow, gives_an_empty_bad_segment) {
  const Display display;
  Client client(display, {.coded_bytes = 64});
  client.paint(0);
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaSyncBuffer(client.display, client.coded, VA_TIMEOUT_INFINITE), VA_STATUS_SUCCESS);
  const Coded coded = client.take();
  EXPECT_EQ(coded.status, VA_STATUS_SUCCESS);
  EXPECT_TRUE(coded.bytes.empty());
  EXPECT_NE(coded.segment_status & VA_CODED_BUF_STATUS_BAD_BITSTREAM, 0U);
  EXPECT_NE(coded.segment_status & VA_CODED_BUF_STATUS_SLICE_OVERFLOW_MASK, 0U);
}

TEST(Ids, of_every_other_kind_display_and_time_are_refused) {
  const Display display;
  const Display elsewhere;
  Client client(display, {});
  Client other(elsewhere, {});
  const VADisplay va = client.display;
  VAImage image = {};
  void* mapped = nullptr;
  VASurfaceStatus status = VASurfaceReady;
  unsigned count = 0;
  const std::vector<VAGenericID> bad_surfaces = {
      VA_INVALID_ID, 0, client.config, client.context, client.coded, other.input};
  for (VAGenericID id : bad_surfaces) {
    EXPECT_EQ(vaSyncSurface(va, id), VA_STATUS_ERROR_INVALID_SURFACE);
    EXPECT_EQ(vaQuerySurfaceStatus(va, id, &status), VA_STATUS_ERROR_INVALID_SURFACE);
    EXPECT_EQ(vaDeriveImage(va, id, &image), VA_STATUS_ERROR_INVALID_SURFACE);
    EXPECT_EQ(vaBeginPicture(va, client.context, id), VA_STATUS_ERROR_INVALID_SURFACE);
    EXPECT_EQ(vaDestroySurfaces(va, &id, 1), VA_STATUS_ERROR_INVALID_SURFACE);
    EXPECT_EQ(vaGetImage(va, id, 0, 0, 2, 2, VA_INVALID_ID), VA_STATUS_ERROR_INVALID_SURFACE);
    EXPECT_EQ(vaPutImage(va, id, VA_INVALID_ID, 0, 0, 2, 2, 0, 0, 2, 2),
              VA_STATUS_ERROR_INVALID_SURFACE);
  }
  for (const VAGenericID id :
       {VAGenericID{VA_INVALID_ID}, 0U, client.config, client.input, client.coded, other.context}) {
    EXPECT_EQ(vaDestroyContext(va, id), VA_STATUS_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(vaBeginPicture(va, id, client.input), VA_STATUS_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(vaRenderPicture(va, id, nullptr, 0), VA_STATUS_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(vaEndPicture(va, id), VA_STATUS_ERROR_INVALID_CONTEXT);
  }
  for (const VAGenericID id :
       {VAGenericID{VA_INVALID_ID}, 0U, client.config, client.input, client.context, other.coded}) {
    EXPECT_EQ(vaMapBuffer(va, id, &mapped), VA_STATUS_ERROR_INVALID_BUFFER);
    EXPECT_EQ(vaUnmapBuffer(va, id), VA_STATUS_ERROR_INVALID_BUFFER);
    EXPECT_EQ(vaDestroyBuffer(va, id), VA_STATUS_ERROR_INVALID_BUFFER);
    EXPECT_EQ(vaSyncBuffer(va, id, 0), VA_STATUS_ERROR_INVALID_BUFFER);
    EXPECT_EQ(vaReleaseBufferHandle(va, id), VA_STATUS_ERROR_INVALID_BUFFER);
  }
  for (const VAGenericID id :
       {VAGenericID{VA_INVALID_ID}, 0U, client.context, client.input, client.coded, other.config}) {
    EXPECT_EQ(vaDestroyConfig(va, id), VA_STATUS_ERROR_INVALID_CONFIG);
    EXPECT_EQ(vaQuerySurfaceAttributes(va, id, nullptr, &count), VA_STATUS_ERROR_INVALID_CONFIG);
  }
  for (const VAGenericID id : {VAGenericID{VA_INVALID_ID}, 0U, client.input, client.coded}) {
    EXPECT_EQ(vaDestroyImage(va, id), VA_STATUS_ERROR_INVALID_IMAGE);
    EXPECT_EQ(vaGetImage(va, client.input, 0, 0, 2, 2, id), VA_STATUS_ERROR_INVALID_IMAGE);
  }
  EXPECT_FALSE(client.encode(true).empty());
}

}  // namespace
}  // namespace millrace::softva_test
