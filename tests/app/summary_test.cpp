// SPDX-License-Identifier: MIT
#include "app/summary.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/job.h"
#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

using observe::MoveKind;

/// 100 frames by one copied edge, with a transform and an inherent copy.
struct CopiedRun {
  CopiedRun() {
    PlanEdge edge;
    edge.from = "source.out";
    edge.to = "encode.in";
    edge.verdict = Verdict::copied;
    edge.reason = "stride 322 against 256";
    edge.copied_bytes_per_frame = Figure{87'906, {documented("payload")}};
    edge.conflict = {{"source", "out", Origin::user, "test:bars;stride=322", true}};
    edge.remedies = {"leave out stride=322"};
    plan.edges = {edge};
    StageOffer encode{.stage = "encode", .kind = StageKind::encoder};
    encode.inherent = {{"libx264: its own input copy", 1000, documented("x264")}};
    encode.remarks = {"quality levels are absent"};
    plan.stages = {encode};
    auto& copies = ledger.open(MoveKind::copy, "source.out -> encode.in", "stride", "cpu");
    auto& conversions = ledger.open(MoveKind::transform, "convert", "I420 -> NV12", "libyuv");
    for (int frame = 0; frame < 100; ++frame) {
      copies.book(87'906);
      conversions.book(87'906);
    }
    encoder = {.driver = "millrace",
               .vendor = "Millrace software driver (stride=256)",
               .software = true,
               .rung = "import",
               .rung_reason = "memfd taken",
               .rate_control = "cqp: the default"};
    snapshot.captured = 100;
    snapshot.delivered = 99;
    snapshot.dropped = 1;
    snapshot.duplicated = 2;
    snapshot.latency_p50_ms = 1.5;
    snapshot.latency_p99_ms = 9.5;
    snapshot.elapsed = std::chrono::seconds(2);
  }

  [[nodiscard]] Summary summary() const {
    return {.source = "test:bars;stride=322",
            .output = "x.mkv",
            .output_bytes = 12345,
            .plan = plan,
            .ledger = ledger,
            .encoder = &encoder,
            .run = snapshot,
            .use = {1.25, 1 << 20},
            .remarks = {"the source is test:bars"},
            .proof = std::nullopt,
            .error = std::nullopt};
  }

  Plan plan;
  observe::Ledger ledger;
  vaapi::EncoderFacts encoder;
  RunSnapshot snapshot;
};

TEST(Summary, of_raw_frames_names_the_device_and_no_encoder) {
  const CopiedRun run;
  Summary summary = run.summary();
  summary.encoder = nullptr;
  summary.output = "/dev/video9";
  summary.output_detail = "Loop, NV12 640x360 by write";

  const auto json = nlohmann::json::parse(summary_json(summary));
  const std::string text = summary_text(summary);

  EXPECT_TRUE(json.at("encoder").is_null());
  EXPECT_EQ(json.at("output").at("detail"), "Loop, NV12 640x360 by write");
  EXPECT_HAS(text, "output   /dev/video9 (Loop, NV12 640x360 by write)\n");
  EXPECT_HAS(text, "encoder  none: raw frames\n");
}

TEST(Summary, is_json_with_every_documented_field) {
  const CopiedRun run;

  const auto json = nlohmann::json::parse(summary_json(run.summary()));

  EXPECT_EQ(json.at("type"), "summary");
  EXPECT_EQ(json.at("output").at("path"), "x.mkv");
  EXPECT_EQ(json.at("frames").at("delivered"), 99);
  EXPECT_EQ(json.at("frames").at("dropped"), 1);
  EXPECT_EQ(json.at("frames").at("duplicated"), 2);
  EXPECT_EQ(json.at("frames").at("distinct"), 97);
  EXPECT_EQ(json.at("copies").at("bytes"), 8'790'600);
  EXPECT_EQ(json.at("copies").at("per_frame"), 1.0);
  EXPECT_EQ(json.at("copies").at("inherent").at(0).at("where"), "libx264: its own input copy");
  EXPECT_EQ(json.at("copies").at("inherent").at(0).at("bytes_per_frame"), 1000.0);
  EXPECT_EQ(json.at("transforms").at("per_frame"), 1.0);
  EXPECT_EQ(json.at("edges").at(0).at("from"), "source.out");
  EXPECT_EQ(json.at("edges").at(0).at("to"), "encode.in");
  EXPECT_EQ(json.at("edges").at(0).at("verdict"), "copied");
  EXPECT_EQ(json.at("edges").at(0).at("reason"), "stride 322 against 256");
  EXPECT_EQ(json.at("edges").at(0).at("copied_bytes_per_frame"), 87'906);
  EXPECT_EQ(json.at("encoder").at("driver"), "millrace");
  EXPECT_EQ(json.at("encoder").at("software"), true);
  EXPECT_EQ(json.at("encoder").at("rung"), "import");
  EXPECT_EQ(json.at("encoder").at("rate_control"), "cqp");
  EXPECT_EQ(json.at("encoder").at("rate_control_reason"), "cqp: the default");
  EXPECT_HAS(json.at("encoder").at("vendor").get<std::string>(), "stride=256");
  EXPECT_EQ(json.at("encoder").at("codec"), "h264");
  EXPECT_EQ(json.at("latency_ms").at("p50"), 1.5);
  EXPECT_EQ(json.at("latency_ms").at("p99"), 9.5);
  EXPECT_EQ(json.at("fps"), 49.5);
  EXPECT_EQ(json.at("cpu_s"), 1.25);
  EXPECT_EQ(json.at("peak_rss_bytes"), 1 << 20);
  EXPECT_FALSE(json.contains("proof"));
  EXPECT_FALSE(json.contains("error"));
}

TEST(Summary, carries_the_proof_and_the_error_where_there_are_any) {
  const CopiedRun run;
  Summary summary = run.summary();
  Proof proof;
  proof.windows = {LegVerdict::contradicts, "convert opened a window"};
  summary.proof = proof;
  summary.error = Error{ErrorKind::source_lost, "read a.mkv", "mend it", 0};

  const auto json = nlohmann::json::parse(summary_json(summary));

  EXPECT_EQ(json.at("proof").at("holds"), false);
  EXPECT_EQ(json.at("proof").at("windows").at("detail"), "convert opened a window");
  EXPECT_EQ(json.at("error").at("id"), "E0006");
}

TEST(Summary, says_why_and_after_what_time_the_recording_ended) {
  CopiedRun run;
  run.snapshot.stream_time = std::chrono::milliseconds(12'340);
  Summary summary = run.summary();
  summary.ended = EndReason::disk_low;

  EXPECT_HAS(summary_text(summary), "ended    after 12.34 s: the disk is nearly full\n");
  EXPECT_EQ(nlohmann::json::parse(summary_json(summary)).at("ended"), "disk-nearly-full");
}

TEST(Summary, notes_how_the_command_of_the_user_went) {
  const CopiedRun run;
  Summary summary = run.summary();
  EXPECT_FALSE(nlohmann::json::parse(summary_json(summary)).contains("on_saved"));

  summary.on_saved = Result<>();
  EXPECT_EQ(nlohmann::json::parse(summary_json(summary)).at("on_saved"), "ok");

  summary.on_saved = fail(ErrorKind::internal, "run --on-saved upload: it ended with 3");
  EXPECT_EQ(nlohmann::json::parse(summary_json(summary)).at("on_saved"), "failed");
  EXPECT_HAS(summary_text(summary), "note     run --on-saved upload: it ended with 3");
}

TEST(Summary, has_numbers_for_a_run_without_frames) {
  CopiedRun run;
  run.snapshot = {};

  const auto json = nlohmann::json::parse(summary_json(run.summary()));

  EXPECT_EQ(json.at("copies").at("per_frame"), 0.0);
  EXPECT_EQ(json.at("fps"), 0.0);
}

TEST(Summary, tells_people_loudly_that_software_encoded_and_how_frames_travelled) {
  const CopiedRun run;

  const std::string text = summary_text(run.summary());

  EXPECT_HAS(text, "SOFTWARE VA driver millrace (Millrace software driver (stride=256))");
  EXPECT_HAS(text, "H.264 cqp: the default");
  EXPECT_HAS(text, "source.out -> encode.in: copied. stride 322 against 256");
  EXPECT_HAS(text, "copies   1 a frame, 8790600 bytes; transforms 1 a frame");
  EXPECT_HAS(text, "inherent: libx264: its own input copy, 1000 bytes a frame");
  EXPECT_HAS(text, "note     encode: quality levels are absent");
}

TEST(Summary, measures_the_process) {
  const ProcessUse use = process_use();

  EXPECT_GT(use.peak_rss_bytes, 1U << 20);
  EXPECT_GE(use.cpu_seconds, 0.0);
}

TEST(Expectations, refuse_a_plan_that_copies_naming_edge_conflict_and_remedy) {
  const CopiedRun run;

  const Error error = error_of(check_plan({.zero_copy = true, .max_copies = {}}, run.plan));

  EXPECT_EQ(error.kind, ErrorKind::expectation);
  EXPECT_HAS(error.what, "--require zero-copy");
  EXPECT_HAS(error.what, "source.out -> encode.in is copied, 87906 bytes a frame");
  EXPECT_HAS(error.what, "source.out: test:bars;stride=322");
  EXPECT_EQ(error.remedy, "leave out stride=322");
}

TEST(Expectations, count_copies_of_each_frame) {
  const CopiedRun run;

  EXPECT_TRUE(check_plan({.zero_copy = false, .max_copies = 1}, run.plan));
  EXPECT_FALSE(check_plan({.zero_copy = false, .max_copies = 0}, run.plan));
  EXPECT_TRUE(check_plan({}, run.plan));
  EXPECT_TRUE(check_ledger({.zero_copy = false, .max_copies = 1}, run.ledger, 100));
  EXPECT_FALSE(check_ledger({.zero_copy = false, .max_copies = 1}, run.ledger, 99));
  EXPECT_EQ(error_of(check_ledger({.zero_copy = true, .max_copies = {}}, run.ledger, 100)).kind,
            ErrorKind::expectation);
}

}  // namespace
}  // namespace millrace::app
