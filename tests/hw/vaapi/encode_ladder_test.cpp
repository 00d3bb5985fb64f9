// SPDX-License-Identifier: MIT
// The stage on each rung of the memory ladder.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "tests/hw/vaapi/encode_stage_fixture.h"

namespace millrace::vaapi {
namespace {

constexpr uint64_t frame_bytes = 322 * 182 * 3 / 2;

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator());
}

class OwnSurfaceRung : public EncodeStageTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(OwnSurfaceRung, encodes_what_was_written_into_its_surfaces_without_a_copy) {
  open(std::string(GetParam()) + ",validate=1");
  EXPECT_EQ(stage_->facts().rung, "own-surface");
  EXPECT_FALSE(way().cpu.read);
  ASSERT_TRUE(encode(10));
  drain();
  const testing::Decoded decoded = testing::decode(coded_);
  EXPECT_EQ(decoded.complaints, "");
  ASSERT_EQ(decoded.frames.size(), 10U);
  for (uint64_t i = 0; i < 10; ++i) EXPECT_GT(testing::luma_psnr(decoded.frames[i], i), 30);
  EXPECT_EQ(ledger_.bytes(observe::MoveKind::copy), 0U);
  EXPECT_EQ(ledger_.bytes(observe::MoveKind::inherent), 10 * frame_bytes);
}

TEST_P(OwnSurfaceRung, keeps_a_surface_until_its_packet_was_read) {
  open(GetParam());
  static_cast<void>(call(next_frame()));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(call(next_frame()));
    EXPECT_EQ(frames_->config().count.limit() - frames_->free_count(), number_ - coded_.size());
  }
  drain();
  EXPECT_EQ(frames_->free_count(), frames_->config().count.limit());
}

TEST_P(OwnSurfaceRung, opens_no_descriptor_while_frames_move) {
  open(GetParam());
  ASSERT_TRUE(encode(4));
  const std::ptrdiff_t before = open_descriptors();
  ASSERT_TRUE(encode(40));
  EXPECT_EQ(open_descriptors(), before);
  drain();
}

TEST_P(OwnSurfaceRung, offers_exactly_the_layout_of_the_drivers_surfaces) {
  open(std::string(GetParam()) + ",stride=192,height=48");
  const Alternative own = way();
  EXPECT_EQ(own.layout.stride_demand[0]->value.value, 384U);
  EXPECT_EQ(own.layout.stride_demand[1]->value.value, 384U);
  EXPECT_EQ(own.layout.offset_fixed[0]->value, 0U);
  EXPECT_EQ(own.layout.offset_fixed[1]->value, 384U * 192);
  EXPECT_EQ(own.layout.offset_fixed[1]->why.origin, Origin::learned);
  ASSERT_EQ(own.layout.formats.size(), 1U);
  EXPECT_EQ(own.layout.formats[0].modifier, Modifier::linear);
}

INSTANTIATE_TEST_SUITE_P(Reached, OwnSurfaceRung,
                         ::testing::Values("import=none", "import=none,export=no"),
                         [](const auto& tested) {
                           return std::string(tested.index == 0 ? "by_export" : "by_derived_image");
                         });

TEST_F(EncodeStageTest, copies_once_and_counts_it_where_nothing_can_be_imported) {
  open("import=none,export=no,derive=no,validate=1");
  EXPECT_EQ(stage_->facts().rung, "put-image");
  EXPECT_TRUE(way().cpu.read);
  ASSERT_TRUE(way().ingest_copy);
  EXPECT_FALSE(way().ingest_copy->cause.empty());
  ASSERT_TRUE(encode(6));
  drain();
  const testing::Decoded decoded = testing::decode(coded_);
  EXPECT_EQ(decoded.complaints, "");
  ASSERT_EQ(decoded.frames.size(), 6U);
  for (uint64_t i = 0; i < 6; ++i) EXPECT_GT(testing::luma_psnr(decoded.frames[i], i), 30);
  EXPECT_EQ(ledger_.bytes(observe::MoveKind::copy), 6 * frame_bytes);
  EXPECT_EQ(ledger_.moves(observe::MoveKind::copy), 6U);
}

TEST_F(EncodeStageTest, names_the_drivers_answer_when_it_refuses_the_memory) {
  open("import=dmabuf");
  if (stage_->facts().rung == "import") GTEST_SKIP() << "this machine has /dev/udmabuf";
  EXPECT_NE(stage_->facts().rung_reason.find("memfd"), std::string::npos);
  EXPECT_NE(stage_->facts().rung_reason.find("0x"), std::string::npos)
      << stage_->facts().rung_reason;
}

TEST_F(EncodeStageTest, offers_every_open_way_the_best_first) {
  open({});
  const StageOffer offer = stage_->describe();
  std::vector<std::string> names;
  for (const Alternative& one : offer.ports[0].alternatives) names.push_back(one.name);
  EXPECT_EQ(names, (std::vector<std::string>{"import", "own-surface", "own-surface-derived",
                                             "put-image"}));
  EXPECT_EQ(stage_->lend("memfd"), nullptr);
  EXPECT_NE(stage_->lend("va-surface"), nullptr);
}

TEST_F(EncodeStageTest, answers_a_pool_that_it_cannot_import_with_a_refusal_and_plans_on) {
  open({});
  const std::vector<Alternative> ways = stage_->describe().ports[0].alternatives;
  SystemAllocator system;
  Result<Ref<BufferPool>> host = BufferPool::create(system, frames_->config());
  ASSERT_TRUE(host);
  frames_ = host.take();
  const Result<Answer> answer = decide(ways[0]);
  ASSERT_TRUE(answer) << answer.error().what;
  const auto* const refused = std::get_if<Refused>(&*answer);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->port, "in");
  EXPECT_EQ(refused->constraints.name, "import");
  EXPECT_NE(refused->why.find("no file"), std::string::npos) << refused->why;

  make_pools(small(), ways[1]);
  const Result<Answer> next = decide(ways[1]);
  ASSERT_TRUE(next && std::holds_alternative<Accepted>(*next));
  EXPECT_EQ(stage_->facts().rung, "own-surface");
  EXPECT_NE(stage_->facts().rung_reason.find("no file"), std::string::npos)
      << stage_->facts().rung_reason;
}

TEST_F(EncodeStageTest, does_not_take_a_frame_that_lies_elsewhere_for_a_surface_of_its_own) {
  open("import=none");
  MemfdAllocator memfd;
  Ref<Buffer> foreign = testing::make_frame(memfd, {.width = 322, .height = 182}, 0);
  const Result<> encoded = call(std::move(foreign));
  ASSERT_FALSE(encoded);
  EXPECT_NE(encoded.error().what.find("does not lie in a surface"), std::string::npos);
}

TEST_F(EncodeStageTest, does_not_encode_planes_that_are_elsewhere_in_a_surface_of_its_own) {
  open("import=none");
  Ref<Buffer> frame = next_frame();
  VideoMeta video = *frame->video();
  std::swap(video.layout.plane[0].offset, video.layout.plane[1].offset);
  video.layout.plane[0].offset = video.layout.plane[1].offset + video.layout.plane[1].bytes();
  ASSERT_TRUE(frame->set(video));
  const Result<> encoded = call(std::move(frame));
  ASSERT_FALSE(encoded);
  EXPECT_NE(encoded.error().what.find("not where its surface's are"), std::string::npos);
}

EncoderSettings with_path(MemoryPath path) {
  EncoderSettings settings = small();
  settings.memory_path = path;
  return settings;
}

TEST_F(EncodeStageTest, copies_where_nothing_shall_be_shared) {
  open({}, with_path(MemoryPath::copied));
  EXPECT_EQ(stage_->facts().rung, "put-image");
  EXPECT_EQ(stage_->describe().ports[0].alternatives.size(), 1U);
  EXPECT_NE(stage_->facts().rung_reason.find("--memory cpu"), std::string::npos);
}

TEST_F(EncodeStageTest, shares_a_file_or_nothing_where_that_is_asked_for) {
  open("import=none", with_path(MemoryPath::shared));
  EXPECT_EQ(stage_->facts().rung, "own-surface");
  const Result<std::unique_ptr<EncodeStage>> refused = EncodeStage::create(
      testing::software_driver("import=none,export=no"), with_path(MemoryPath::shared));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(refused.error().what.find("export=no"), std::string::npos) << refused.error().what;
  EXPECT_NE(refused.error().remedy.find("--memory auto"), std::string::npos);
}

}  // namespace
}  // namespace millrace::vaapi
