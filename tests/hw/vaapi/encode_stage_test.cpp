// SPDX-License-Identifier: MIT
// The stage as a pipeline drives it: offer, decision, frames, drain.
#include "hw/vaapi/encode_stage.h"

#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/hw/vaapi/encode_stage_fixture.h"

namespace millrace::vaapi {
namespace {

TEST_F(EncodeStageTest, encodes_every_frame_with_its_own_times) {
  open("validate=1");
  ASSERT_TRUE(encode(10));
  drain();
  const testing::Decoded decoded = testing::decode(coded_);
  EXPECT_EQ(decoded.complaints, "");
  ASSERT_EQ(decoded.frames.size(), 10U);
  for (uint64_t i = 0; i < 10; ++i) {
    EXPECT_GT(testing::luma_psnr(decoded.frames[i], i), 30);
    EXPECT_EQ(timings_[i].pts, std::chrono::milliseconds(33) * i);
    EXPECT_EQ(timings_[i].dts, std::nullopt);
    EXPECT_EQ(timings_[i].sequence, i);
    EXPECT_EQ(keys_[i], i == 0);
  }
}

TEST_F(EncodeStageTest, imports_without_a_copy_and_says_why_it_may) {
  open({});
  ASSERT_TRUE(encode(5));
  drain();
  EXPECT_EQ(stage_->facts().rung, "import");
  EXPECT_NE(stage_->facts().rung_reason.find("imports"), std::string::npos);
  EXPECT_EQ(ledger_.bytes(observe::MoveKind::copy), 0U);
  const StageOffer offer = stage_->describe();
  EXPECT_FALSE(offer.ports[0].cpu.read);
  const Alternative& import = offer.ports[0].alternatives[0];
  EXPECT_EQ(import.layout.stride_align[0]->value, 256U);
  EXPECT_EQ(import.layout.stride_align[0]->why.origin, Origin::queried);
  EXPECT_EQ(import.layout.rows_align[0]->value, 32U);
  ASSERT_FALSE(import.memory.heaps.empty());
  EXPECT_EQ(import.memory.heaps.back().value, "memfd");
  EXPECT_EQ(import.memory.heaps.back().why.origin, Origin::learned);
}

TEST_F(EncodeStageTest, books_the_copy_inside_the_encoder_library_as_inherent) {
  open({});
  ASSERT_TRUE(encode(5));
  drain();
  EXPECT_EQ(ledger_.bytes(observe::MoveKind::inherent), 5U * 322 * 182 * 3 / 2);
}

TEST_F(EncodeStageTest, asks_for_the_strides_that_the_driver_wants) {
  open("stride=64");
  EXPECT_EQ(stage_->describe().ports[0].alternatives[0].layout.stride_align[0]->value, 64U);
  open("derive=no");
  const Fact<uint64_t> exported =
      *stage_->describe().ports[0].alternatives[0].layout.stride_align[0];
  EXPECT_EQ(exported.value, 256U);
  EXPECT_NE(exported.why.raw.find("vaExportSurfaceHandle"), std::string::npos);
  open("derive=no,export=no");
  EXPECT_EQ(stage_->describe().ports[0].alternatives[0].layout.stride_align[0]->why.origin,
            Origin::documented);
}

TEST_F(EncodeStageTest, keeps_a_frame_until_its_packet_was_read) {
  open({});
  // Fed without a pause, one picture stays under way, and with it its frame.
  static_cast<void>(call(next_frame()));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(call(next_frame()));
    EXPECT_EQ(frames_->config().count.limit() - frames_->free_count(), number_ - coded_.size());
  }
  drain();
  EXPECT_EQ(coded_.size(), number_);
  EXPECT_EQ(frames_->free_count(), frames_->config().count.limit());
}

TEST_F(EncodeStageTest, reads_a_picture_out_at_once_when_the_next_is_late) {
  open({});
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ASSERT_TRUE(call(next_frame()));
    EXPECT_EQ(coded_.size(), number_);
  }
  drain();
}

TEST_F(EncodeStageTest, survives_spoiled_pictures) {
  open("bad=5");
  ASSERT_TRUE(encode(20));
  drain();
  const testing::Decoded decoded = testing::decode(coded_);
  EXPECT_EQ(decoded.complaints, "");
  EXPECT_EQ(decoded.frames.size(), coded_.size());
  EXPECT_GE(coded_.size(), 10U);
  EXPECT_LT(coded_.size(), 20U);
}

TEST_F(EncodeStageTest, ends_with_the_reason_when_the_driver_is_dead) {
  open("fail-at=3");
  const Result<> ended = encode(30);
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().what.find("in a row"), std::string::npos) << ended.error().what;
  EXPECT_FALSE(ended.error().remedy.empty());
  EXPECT_EQ(coded_.size(), 2U);
}

TEST_F(EncodeStageTest, ends_with_the_reason_when_the_driver_died_shortly_before_the_end) {
  for (const uint64_t frames : {3U, 4U, 5U}) {
    coded_.clear();
    open("fail-at=3");
    ASSERT_TRUE(encode(frames));
    const Result<> drained = call(nullptr, true);
    ASSERT_FALSE(drained) << frames;
    EXPECT_NE(drained.error().what.find("failed for good"), std::string::npos)
        << drained.error().what;
    EXPECT_FALSE(drained.error().remedy.empty());
    EXPECT_EQ(coded_.size(), 2U);
    stage_->stop();
  }
}

TEST_F(EncodeStageTest, ends_well_when_only_the_last_picture_is_spoiled) {
  open("bad=7");
  ASSERT_TRUE(encode(7));
  drain();
  EXPECT_EQ(coded_.size(), 6U);
}

TEST_F(EncodeStageTest, refuses_a_frame_of_another_size) {
  open({});
  Ref<Buffer> frame = next_frame();
  VideoMeta video = *frame->video();
  video.width = 64;
  ASSERT_TRUE(frame->set(video));
  const Result<> result = call(std::move(frame));
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("322x182"), std::string::npos);
}

TEST_F(EncodeStageTest, tells_the_muxer_whether_the_stream_has_its_colour) {
  open("packed=raw");
  EXPECT_FALSE(stage_->facts().packets.colour_in_stream);
  open("packed=all");
  EXPECT_TRUE(stage_->facts().packets.colour_in_stream);
  EXPECT_EQ(stage_->facts().packets.colour, bt709_limited);
}

TEST_F(EncodeStageTest, imports_each_buffer_once_over_many_frames) {
  open({}, {.width = 64, .height = 64});
  ASSERT_TRUE(encode(10));
  const auto descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  const auto before = descriptors();
  ASSERT_TRUE(encode(1000));
  EXPECT_EQ(descriptors(), before);
  drain();
  EXPECT_EQ(coded_.size(), 1010U);
}

}  // namespace
}  // namespace millrace::vaapi
