// SPDX-License-Identifier: MIT
#include "engine/run/proof.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

using observe::Record;
using observe::RecordType;

constexpr FileIdentity good{7, 100};
constexpr FileIdentity foreign{7, 999};

Record hand_over(RecordType type, observe::StageId stage, FileIdentity file,
                 uint64_t stride = 256) {
  return {.type = type, .stage = stage, .value = {file.device, file.inode, 0, stride}};
}

/// source -> encode over pool 0, whose only buffer is `good`.
struct Scene {
  Plan plan;
  ProofEvidence evidence;

  Scene() {
    PlanPool pool{.owner = "source.out", .stream = VideoFormat{.width = 256, .height = 16}};
    pool.plane[0].stride.value = 256;
    pool.plane[1].offset.value = 4096;
    pool.plane[1].stride.value = 256;
    plan.pools = {pool};
    PlanEdge edge;
    edge.from = "source.out";
    edge.to = "encode.in";
    plan.edges = {edge};
    evidence.pool_files[0][good] = {.base = 0, .layout = pool.layout()};
    evidence.stage_names = {"source", "encode"};
    evidence.stage_input_pool = {UINT32_MAX, 0};
    evidence.stage_output_pool = {0, UINT32_MAX};
    evidence.undeclared_windows = {0, 0};
    evidence.encoder_stage = "encode";
    evidence.frames = 1;
    evidence.records = {hand_over(RecordType::frame_written, 0, good),
                        hand_over(RecordType::frame_read, 1, good)};
    evidence.driver_log = "read 7 100 0 256 4096 256 imported\n";
    evidence.witness_present = true;
  }

  [[nodiscard]] Proof judge() const { return prove(plan, evidence, {}); }
};

TEST(Proof, agrees_with_an_honest_run) {
  const Proof proof = Scene().judge();

  EXPECT_TRUE(proof.holds());
  EXPECT_EQ(proof.identity.verdict, LegVerdict::agrees) << proof.identity.detail;
  EXPECT_EQ(proof.volume.verdict, LegVerdict::agrees);
}

TEST(Proof, contradicts_a_stage_that_hands_on_another_buffer) {
  Scene scene;
  scene.evidence.records.push_back(hand_over(RecordType::frame_read, 1, foreign));

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::contradicts);
}

TEST(Proof, contradicts_another_stride_than_the_plans) {
  Scene scene;
  scene.evidence.records.push_back(hand_over(RecordType::frame_read, 1, good, 320));

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::contradicts);
}

TEST(Proof, contradicts_another_offset_than_the_plans) {
  Scene scene;
  Record shifted = hand_over(RecordType::frame_read, 1, good);
  shifted.value[2] = 64;
  scene.evidence.records.push_back(shifted);

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::contradicts);
}

TEST(Proof, contradicts_a_driver_that_read_chroma_elsewhere) {
  Scene scene;
  scene.evidence.driver_log += "read 7 100 0 256 8192 256 imported\n";

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::contradicts);
}

TEST(Proof, says_that_the_volume_of_host_frames_was_not_observed) {
  Scene scene;
  scene.evidence.host_frames = true;

  EXPECT_EQ(scene.judge().volume.verdict, LegVerdict::not_observed);
}

TEST(Proof, contradicts_a_driver_that_read_other_memory) {
  Scene scene;
  scene.evidence.driver_log += "read 7 999 0 256 4096 256 own\n";

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::contradicts);
}

TEST(Proof, does_not_vouch_for_a_driver_that_logged_nothing) {
  Scene scene;
  scene.evidence.driver_log.clear();

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::not_observed);
  EXPECT_TRUE(scene.judge().holds());
}

TEST(Proof, contradicts_a_driver_that_read_what_was_not_put_although_the_plan_copies) {
  Scene scene;
  scene.plan.edges[0].ingest_copy = true;
  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::contradicts);

  scene.evidence.driver_log = "read 7 500 0 512 98304 512 put\n";
  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::agrees);
}

TEST(Proof, says_that_it_saw_nothing_when_records_were_lost) {
  Scene scene;
  scene.evidence.lost_records = 1;

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::not_observed);
}

TEST(Proof, contradicts_undeclared_windows) {
  Scene scene;
  scene.evidence.undeclared_windows[1] = 3;

  EXPECT_EQ(scene.judge().windows.verdict, LegVerdict::contradicts);
}

TEST(Proof, allows_64_kib_a_frame_and_the_booked_copies) {
  Scene scene;
  scene.evidence.ledger_copied_bytes = 1000;
  scene.evidence.witness_bytes = 1000 + 65536;
  EXPECT_EQ(scene.judge().volume.verdict, LegVerdict::agrees);

  scene.evidence.witness_bytes += 1;

  EXPECT_EQ(scene.judge().volume.verdict, LegVerdict::contradicts);
}

TEST(Proof, ignores_lines_of_a_driver_log_that_it_cannot_read) {
  Scene scene;
  scene.evidence.driver_log = "junk\nread x\n" + scene.evidence.driver_log;

  EXPECT_EQ(scene.judge().identity.verdict, LegVerdict::agrees);
}

TEST(Proof, does_not_count_a_leg_that_is_switched_off) {
  Scene scene;
  scene.evidence.undeclared_windows[1] = 3;

  const Proof proof = prove(scene.plan, scene.evidence, {.windows = false});

  EXPECT_EQ(proof.windows.verdict, LegVerdict::not_observed);
  EXPECT_TRUE(proof.holds());
}

}  // namespace
}  // namespace millrace
