// SPDX-License-Identifier: MIT
// Each cheater runs in the real path, source to driver, and a leg of the proof must name it; an
// honest stage in the same place must pass; and without each leg some cheater must come through, so
// that none of the three is there for show.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/observe/witness.h"
#include "engine/run/pipeline.h"
#include "engine/stages/test_bars_source.h"
#include "hw/libyuv/convert_stage.h"
#include "hw/vaapi/encode_stage.h"
#include "hw/vaapi/find_display.h"
#include "tests/proof/cheaters.h"

namespace millrace {
namespace {

constexpr uint64_t frames = 12;

/// Takes packets and drops them.
class PacketSink final : public Stage {
 public:
  explicit PacketSink(PacketFormat packets) : packets_(std::move(packets)) {}

  StageOffer describe() const override {
    StageOffer offer{.kind = StageKind::sink};
    offer.ports.push_back({.name = "in", .direction = Direction::input, .stream = packets_});
    offer.ports[0].alternatives.push_back({.name = "any"});
    return offer;
  }

  Result<Answer> decide_allocation(const Decision&) override { return Answer(Accepted{}); }

  Result<Flow> process(Work& work) override { return work.input ? Flow::next : Flow::end; }

 private:
  PacketFormat packets_;
};

using MakeCheater = std::function<std::unique_ptr<Stage>(const VideoFormat&)>;

enum class Place { before_the_encoder, before_a_transform };

struct Case {
  std::string name;
  MakeCheater make;
  Place place = Place::before_the_encoder;
  /// The legs that catch it; empty for an honest stage.
  std::string caught_by;
  std::string rung = "import";  ///< on which the knobs make the encoder take its frames
  std::string knobs = "import=all";
};

/// gtest prints the parameter of a failed case.
void PrintTo(const Case& tested, std::ostream* out) {
  *out << tested.name;
}

struct Outcome {
  Result<> result;
  Proof proof;
  uint64_t copied = 0;
};

std::string caught_by(const Proof& proof) {
  std::string legs;
  if (proof.identity.verdict == LegVerdict::contradicts) legs += "identity ";
  if (proof.windows.verdict == LegVerdict::contradicts) legs += "windows ";
  if (proof.volume.verdict == LegVerdict::contradicts) legs += "volume ";
  return legs.empty() ? legs : legs.substr(0, legs.size() - 1);
}

class ZeroCopyProof : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (SANITIZED) {
      GTEST_SKIP() << "the witness stands in for memcpy, and so does the sanitizer; the build "
                      "without sanitizers runs this";
    }
    ASSERT_TRUE(observe::witness::present()) << "the witness is not preloaded";
    log_ = std::filesystem::temp_directory_path() / ("millrace-proof-" + std::to_string(getpid()));
    std::filesystem::remove(log_);
    ::setenv("MILLRACE_VA_KNOBS", (GetParam().knobs + ",log=" + log_.string()).c_str(), 1);
  }

  void TearDown() override { std::filesystem::remove(log_); }

  Result<Outcome> run(const ProofLegs& legs) {
    const Case& test = GetParam();
    VideoFormat made{.width = 1280, .height = 720, .colour = bt709_limited};
    const VideoFormat encoded = made;
    if (test.place == Place::before_a_transform) made.format = PixelFormat::i420;
    const vaapi::FoundDisplay found = MILLRACE_TRY(vaapi::find_display({}));
    auto encoder = MILLRACE_TRY(vaapi::EncodeStage::create(
        found.display, {.width = 1280, .height = 720, .colour = bt709_limited, .qp = 30}));
    const vaapi::EncoderFacts& facts = encoder->facts();
    const PacketFormat packets = facts.packets;

    Graph graph;
    auto source = MILLRACE_TRY(TestBarsSource::create({.video = made}));
    MILLRACE_TRY(graph.add("source", std::move(source)));
    MILLRACE_TRY(graph.add("suspect", test.make(made)));
    MILLRACE_TRY(graph.link("source.out", "suspect.in", fake::depth(2)));
    std::string last = "suspect.out";
    if (test.place == Place::before_a_transform) {
      auto convert = MILLRACE_TRY(yuv::ConvertStage::create({made, encoded}));
      MILLRACE_TRY(graph.add("convert", std::move(convert)));
      MILLRACE_TRY(graph.link(last, "convert.in", fake::depth(2)));
      last = "convert.out";
    }
    MILLRACE_TRY(graph.add("encode", std::move(encoder)));
    MILLRACE_TRY(graph.link(last, "encode.in", fake::depth(2)));
    MILLRACE_TRY(graph.add("sink", std::make_unique<PacketSink>(packets)));
    MILLRACE_TRY(graph.link("encode.out", "sink.in", fake::depth(8)));

    auto pipeline = MILLRACE_TRY(Pipeline::create(
        std::move(graph), AllocatorSet::standard(),
        {.max_frames = frames, .validate = true, .driver_log = log_.string(), .legs = legs}));
    Outcome outcome{pipeline->run({}), {}, pipeline->ledger().bytes(observe::MoveKind::copy)};
    EXPECT_EQ(facts.rung, test.rung) << facts.rung_reason;
    if (outcome.result) {
      EXPECT_EQ(pipeline->snapshot().delivered, frames);
    }
    outcome.proof = *pipeline->proof();
    return outcome;
  }

  std::filesystem::path log_;
};

TEST_P(ZeroCopyProof, catches_the_cheater_by_the_leg_that_is_meant_for_it) {
  const Result<Outcome> outcome = run({});

  ASSERT_TRUE(outcome.has_value()) << outcome.error().what;
  const std::string& leg = GetParam().caught_by;
  EXPECT_EQ(outcome->result.has_value(), leg != "windows") << "windows fail the run by themselves";
  EXPECT_EQ(outcome->copied, 0U) << "the ledger believes that nothing was copied";
  EXPECT_EQ(caught_by(outcome->proof), GetParam().caught_by)
      << "identity: " << outcome->proof.identity.detail
      << "\nwindows: " << outcome->proof.windows.detail
      << "\nvolume: " << outcome->proof.volume.detail;
  EXPECT_EQ(outcome->proof.holds(), GetParam().caught_by.empty());
  EXPECT_NE(outcome->proof.identity.verdict, LegVerdict::not_observed);
  EXPECT_NE(outcome->proof.volume.verdict, LegVerdict::not_observed);
}

class Cheater : public ZeroCopyProof {};

TEST_P(Cheater, comes_through_without_the_leg_that_is_meant_for_it) {
  const std::string& leg = GetParam().caught_by;
  const ProofLegs legs{leg != "identity", leg != "windows", leg != "volume"};

  const Result<Outcome> outcome = run(legs);

  ASSERT_TRUE(outcome.has_value()) << outcome.error().what;
  EXPECT_TRUE(outcome->proof.holds()) << "so this leg is not what catches it";
}

std::vector<Case> in_both_places(const std::vector<Case>& cases) {
  std::vector<Case> all;
  for (Case tested : cases) {
    const std::string name = tested.name;
    tested.name = name + "_before_the_encoder";
    tested.place = Place::before_the_encoder;
    all.push_back(tested);
    tested.name = name + "_before_a_transform";
    tested.place = Place::before_a_transform;
    all.push_back(tested);
  }
  return all;
}

/// In front of an encoder that lends its own surfaces, reached in both ways.
std::vector<Case> on_own_surfaces(const std::vector<Case>& cases) {
  std::vector<Case> all;
  for (Case tested : cases) {
    const std::string name = tested.name;
    tested.rung = "own-surface";
    tested.name = name + "_on_exported_surfaces";
    tested.knobs = "import=none";
    all.push_back(tested);
    tested.name = name + "_on_derived_surfaces";
    tested.knobs = "import=none,export=no";
    all.push_back(tested);
  }
  return all;
}

std::string name_of(const ::testing::TestParamInfo<Case>& tested) {
  return tested.param.name;
}

const std::vector<Case> honest_ones = {{.name = "honest", .make = cheaters::honest}};

const std::vector<Case> all_cheaters = {
    {.name = "row_copier", .make = cheaters::row_copier, .caught_by = "volume"},
    {.name = "libyuv_copier", .make = cheaters::yuv_copier, .caught_by = "volume"},
    {.name = "loop_trespasser", .make = cheaters::trespasser, .caught_by = "windows"},
    {.name = "loop_substituter", .make = cheaters::substituter, .caught_by = "identity"},
};

// All but the substituter, which such an encoder stops.
const std::vector<Case> cheaters_in_place(all_cheaters.begin(), all_cheaters.end() - 1);

INSTANTIATE_TEST_SUITE_P(Control, ZeroCopyProof, ::testing::ValuesIn(in_both_places(honest_ones)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Suspects, ZeroCopyProof, ::testing::ValuesIn(in_both_places(all_cheaters)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Suspects, Cheater, ::testing::ValuesIn(in_both_places(all_cheaters)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(OwnSurfaceControl, ZeroCopyProof,
                         ::testing::ValuesIn(on_own_surfaces(honest_ones)), name_of);
INSTANTIATE_TEST_SUITE_P(OwnSurface, ZeroCopyProof,
                         ::testing::ValuesIn(on_own_surfaces(cheaters_in_place)), name_of);
INSTANTIATE_TEST_SUITE_P(OwnSurface, Cheater,
                         ::testing::ValuesIn(on_own_surfaces(cheaters_in_place)), name_of);

class Substituter : public ZeroCopyProof {};

TEST_P(Substituter, is_stopped_by_an_encoder_that_knows_its_own_surfaces) {
  const Result<Outcome> outcome = run({});

  ASSERT_TRUE(outcome.has_value()) << outcome.error().what;
  ASSERT_FALSE(outcome->result.has_value());
  EXPECT_NE(outcome->result.error().what.find("does not lie in a surface"), std::string::npos)
      << outcome->result.error().what;
}

INSTANTIATE_TEST_SUITE_P(OwnSurface, Substituter,
                         ::testing::ValuesIn(on_own_surfaces({{.name = "loop_substituter",
                                                               .make = cheaters::substituter}})),
                         name_of);

}  // namespace
}  // namespace millrace

/// The witness must be there from the start, so the program starts itself again under it.
int main(int argc, char** argv) {
  if (!SANITIZED && !millrace::observe::witness::present()) {
    ::setenv("LD_PRELOAD", WITNESS, 1);
    ::execv("/proc/self/exe", argv);
    std::perror("start again under the witness");
    return 1;
  }
  ::setenv("LIBVA_DRIVERS_PATH", DRIVER_FOLDER, 1);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
