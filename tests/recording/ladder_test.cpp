// SPDX-License-Identifier: MIT
// The memory ladder, by drivers of every kind: whatever a driver imports, exports and derives, the
// file is right, the rung is named, what the ladder says of copies is what was counted, and the
// three-fold proof agrees.
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/base/unique_fd.h"
#include "tests/recording/clips.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"
#include "tests/x11/client.h"
#include "tests/x11/xvfb.h"

namespace millrace::recording {
namespace {

constexpr uint64_t frames = 10;
const std::string size = "322x182";
constexpr uint64_t frame_bytes = 322 * 182 * 3 / 2;

/// A driver, as its knobs make it.
struct Driver {
  std::string import = "all";
  bool derives = true;
  bool exports = true;
  bool tiled = false;

  [[nodiscard]] std::string knobs() const {
    return "import=" + import + (derives ? "" : ",derive=no") + (exports ? "" : ",export=no") +
           (tiled ? ",own-layout=tiled" : "");
  }
};

std::vector<Driver> all_drivers() {
  std::vector<Driver> drivers;
  for (const char* import : {"all", "dmabuf", "none"}) {
    for (const int bits : {0, 1, 2, 3, 4, 5, 6, 7}) {
      drivers.push_back({import, (bits & 1) == 0, (bits & 2) == 0, (bits & 4) != 0});
    }
  }
  return drivers;
}

bool machine_has_udmabuf() {
  return bool(UniqueFd(::open("/dev/udmabuf", O_RDWR | O_CLOEXEC)));
}

/// The best that such a driver and this machine have.
std::string rung_on(const Driver& driver) {
  if (driver.import == "all") return "import";
  if (driver.import == "dmabuf" && machine_has_udmabuf()) return "import";
  const bool reaches_own_surfaces = !driver.tiled && (driver.derives || driver.exports);
  return reaches_own_surfaces ? "own-surface" : "put-image";
}

/// Whether a dma-buf could do what this machine's memory does not.
bool wants_udmabuf(const Driver& driver) {
  const bool imports_files = driver.import != "none" || driver.exports;
  return rung_on(driver) != "import" && imports_files && !machine_has_udmabuf();
}

struct Source {
  Words options;
  uint64_t transforms = 0;
  std::map<std::string, std::string> environment;
  bool is_live = false;
};

Recording record_with(const TempFolder& folder, const Source& source, const std::string& knobs) {
  Order order{.options = with(source.options, {"--frames", std::to_string(frames)}),
              .environment = source.environment};
  order.options.insert(order.options.end(), {"--overwrite", "always"});
  order.environment["MILLRACE_VA_KNOBS"] = knobs;
  if (!sanitized) {
    order.environment["MILLRACE_VALIDATE"] = "1";
    order.environment["LD_PRELOAD"] = millrace_witness;
  }
  return record(folder, order);
}

void expect_proof(const Recording& recording) {
  if (sanitized) return;  // the witness cannot be preloaded before a sanitizer
  EXPECT_EQ(recording.at("/proof/holds"), true) << recording.outcome;
  for (const std::string leg : {"identity", "windows", "volume"}) {
    EXPECT_EQ(recording.text("/proof/" + leg + "/verdict"), "agrees")
        << leg << ": " << recording.at("/proof/" + leg);
  }
}

void expect_rung(const Recording& recording, const std::string& rung, uint64_t transforms) {
  const bool copies = rung == "put-image";
  EXPECT_EQ(recording.text("/encoder/rung"), rung) << recording.outcome;
  EXPECT_EQ(recording.count("/copies/per_frame"), copies ? 1U : 0U) << recording.outcome;
  EXPECT_EQ(recording.count("/copies/bytes"), copies ? frames * frame_bytes : 0U);
  EXPECT_EQ(recording.count("/transforms/per_frame"), transforms) << recording.outcome;
  const std::string reason = recording.text("/encoder/rung_reason");
  EXPECT_EQ(reason.find("not import: ") == std::string::npos, rung == "import") << reason;
  EXPECT_EQ(reason.find("not own-surface: ") == std::string::npos, !copies) << reason;
}

/// No counter earlier than the one before, and not one picture again and again; a torn or garbled
/// picture has none.
void expect_a_moving_desktop(const std::vector<int64_t>& counters) {
  ASSERT_EQ(counters.size(), frames);
  EXPECT_GE(counters.front(), 0);
  EXPECT_TRUE(std::ranges::is_sorted(counters)) << ::testing::PrintToString(counters);
  EXPECT_GT(counters.back(), counters.front()) << ::testing::PrintToString(counters);
}

void expect_whole_files_on_all_drivers(const Source& source) {
  const TempFolder folder;
  for (const Driver& driver : all_drivers()) {
    SCOPED_TRACE(driver.knobs());
    const Recording recording = record_with(folder, source, driver.knobs());
    expect_exit(recording.outcome, 0);
    EXPECT_EQ(recording.count("/frames/delivered"), frames) << recording.outcome;
    expect_rung(recording, rung_on(driver), source.transforms);
    expect_proof(recording);
    const std::vector<int64_t> counters = counters_of(decode(recording.path));
    if (source.is_live) {
      expect_a_moving_desktop(counters);
    } else {
      EXPECT_EQ(counters, consecutive(frames));
    }
  }
}

TEST(Ladder, brings_painted_frames_into_every_driver) {
  expect_whole_files_on_all_drivers({.options = {"-s", "test:bars", "--size", size}});
}

TEST(Ladder, brings_converted_frames_into_every_driver) {
  expect_whole_files_on_all_drivers(
      {.options = {"-s", "test:bars", "--size", size, "--format", "BGRX"}, .transforms = 1});
}

TEST(Ladder, brings_the_frames_of_a_file_into_every_driver) {
  if (thread_sanitized) {
    GTEST_SKIP() << "libavcodec decodes in threads whose atomics ThreadSanitizer does not see";
  }
  const TempFolder folder;
  const Recording clip =
      record(folder, {.options = {"-s", "test:bars", "--size", size, "--frames", "12", "--qp", "8"},
                      .output = "clip.mkv"});
  expect_exit(clip.outcome, 0);
  expect_whole_files_on_all_drivers({.options = {"-s", "file:" + clip.path}, .transforms = 1});
}

TEST(Ladder, brings_the_desktop_into_every_driver) {
  if (!x11::test::has_xvfb()) GTEST_SKIP() << "no Xvfb here: install xvfb";
  const x11::test::Xvfb server("322x182x24");
  const x11::test::Client client(server.display(), {"--size", size});
  expect_whole_files_on_all_drivers({.options = {"-s", "x11:", "--fps", "60", "--cursor", "no"},
                                     .transforms = 1,
                                     .environment = {{"DISPLAY", server.display()}},
                                     .is_live = true});
}

/// Drivers whose imports must hold more than a picture as we lay it out.
bool refuses_our_layout(const std::string& knob) {
  return knob == "coded=288x64" || knob == "coded=2048x1024";
}

class OddSurfaces : public testing::TestWithParam<std::string> {};

TEST_P(OddSurfaces, are_written_where_the_driver_reads_them) {
  const TempFolder folder;
  for (const auto& [knobs, rung] :
       {std::pair{"import=all", refuses_our_layout(GetParam()) ? "own-surface" : "import"},
        {"import=none", "own-surface"},
        {"import=none,export=no", "own-surface"}}) {
    const Recording recording =
        record_with(folder, {.options = {"-s", "test:bars", "--size", size}},
                    std::string(knobs) + "," + GetParam());
    expect_exit(recording.outcome, 0);
    expect_proof(recording);
    expect_rung(recording, rung, 0);
    EXPECT_EQ(counters_of(decode(recording.path)), consecutive(frames));
  }
}

INSTANTIATE_TEST_SUITE_P(OfADriver, OddSurfaces,
                         testing::Values("stride=64", "stride=1024", "height=48", "height=256",
                                         "coded=64x64", "coded=288x64", "coded=2048x1024"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), '=', '_');
                           return name;
                         });

TEST(LyingDriver, is_found_out_and_that_way_into_it_is_not_taken) {
  const TempFolder folder;
  for (const auto& [knobs, rung] : {std::pair{"import=lying", "own-surface"},
                                    {"import=none,own-layout=lying", "put-image"},
                                    {"import=lying,own-layout=lying", "put-image"}}) {
    const Recording recording =
        record_with(folder, {.options = {"-s", "test:bars", "--size", size}}, knobs);
    expect_exit(recording.outcome, 0);
    expect_rung(recording, rung, 0);
    expect_proof(recording);
    EXPECT_EQ(counters_of(decode(recording.path)), consecutive(frames));
  }
}

TEST(SilentDriver, is_believed_where_there_is_no_other_way_and_the_user_is_warned) {
  const TempFolder folder;
  const Recording recording =
      record_with(folder, {.options = {"-s", "test:bars", "--size", size}}, "images=no");
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.text("/encoder/rung"), "import");
  EXPECT_NE(recording.text("/encoder/rung_reason").find("not read back: vaCreateImage"),
            std::string::npos)
      << recording.outcome;
  EXPECT_NE(recording.outcome.err.find("look at the result"), std::string::npos)
      << recording.outcome;
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(frames));
}

TEST(DriverWithoutAnyWayIn, ends_with_3_and_says_of_every_rung_why_not) {
  const TempFolder folder;
  const Recording recording = record_with(folder, {.options = {"-s", "test:bars", "--size", size}},
                                          "import=none,export=no,derive=no,images=no");
  expect_exit(recording.outcome, 3);
  for (const char* words : {"no import: ", "no own-surface: ", "vaExportSurfaceHandle",
                            "vaDeriveImage", "no put-image: ", "vaCreateImage"}) {
    EXPECT_NE(recording.outcome.err.find(words), std::string::npos) << recording.outcome;
  }
  EXPECT_EQ(folder.names(), Words{});
}

TEST(DriverWithoutAnyWayIn, says_so_of_every_rung_where_it_is_found_out_late) {
  const TempFolder folder;
  const Recording recording = record_with(folder, {.options = {"-s", "test:bars", "--size", size}},
                                          "import-limit=1,export=no,derive=no,images=no");
  expect_exit(recording.outcome, 3);
  for (const char* words : {"no import: the driver imports ", "import-limit=1 is used up",
                            "no own-surface: ", "no put-image: ", "--device"}) {
    EXPECT_NE(recording.outcome.err.find(words), std::string::npos) << recording.outcome;
  }
}

TEST(Ladder, costs_one_counted_copy_where_frames_do_not_fit_the_drivers_surfaces) {
  const TempFolder folder;
  const Recording recording = record_with(
      folder, {.options = {"-s", "test:bars;stride=322", "--size", size}}, "import=none");
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.text("/encoder/rung"), "own-surface");
  EXPECT_EQ(recording.count("/copies/bytes"), frames * frame_bytes) << recording.outcome;
  expect_proof(recording);
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(frames));
}

TEST(Ladder, goes_one_rung_down_where_the_pool_is_refused_after_its_trial) {
  const TempFolder folder;
  const Source bars{.options = {"-s", "test:bars", "--size", size}};
  for (const auto& [knobs, rung] : {std::pair{"import-limit=3", "own-surface"},
                                    {"import=none,export-limit=3", "own-surface"},
                                    {"import=none,export-limit=3,derive=no", "put-image"},
                                    {"import-limit=3,export=no,derive=no", "put-image"}}) {
    const Recording recording = record_with(folder, bars, knobs);
    expect_exit(recording.outcome, 0);
    expect_rung(recording, rung, 0);
    expect_proof(recording);
    EXPECT_NE(recording.text("/encoder/rung_reason").find("-limit=3 is used up"), std::string::npos)
        << recording.outcome;
    EXPECT_EQ(counters_of(decode(recording.path)), consecutive(frames));
  }
}

TEST(LostFrame, is_dropped_and_counted_where_the_driver_cannot_take_its_pixels) {
  const TempFolder folder;
  const Source bars{.options = {"-s", "test:bars", "--size", size}};
  for (const auto& [knobs, rung] :
       {std::pair{"import=none,export=no,fail-unmap=20", "own-surface"},
        {"import=none,export=no,derive=no,fail-unmap=8", "put-image"}}) {
    const Recording recording = record_with(folder, bars, knobs);
    expect_exit(recording.outcome, 0);
    EXPECT_EQ(recording.text("/encoder/rung"), rung);
    EXPECT_EQ(recording.count("/frames/dropped"), 1U) << recording.outcome;
    EXPECT_NE(recording.outcome.err.find("unmap a VA image"), std::string::npos)
        << recording.outcome;
    std::vector<int64_t> counters = counters_of(decode(recording.path));
    const auto all = static_cast<size_t>(counters.back()) + 1;
    EXPECT_EQ(counters.size() + 1, all) << ::testing::PrintToString(counters);
    EXPECT_TRUE(std::ranges::adjacent_find(counters, std::greater_equal<>()) == counters.end());
  }
}

/// The step of `probe` that names the way into the software driver.
nlohmann::json way_in(const std::string& knobs) {
  const Outcome outcome = run({.arguments = {"probe", "--device", "software", "--json"},
                               .environment = {{"MILLRACE_VA_KNOBS", knobs}}});
  expect_exit(outcome, 0);
  const nlohmann::json steps = nlohmann::json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(steps.is_array()) << outcome;
  for (const nlohmann::json& step : steps) {
    if (step.value("step", "") == "way into software") return step;
  }
  return nlohmann::json::object();
}

TEST(Probe, names_the_rung_that_every_driver_reaches_here_and_why_no_better_one) {
  for (const Driver& driver : all_drivers()) {
    const nlohmann::json step = way_in(driver.knobs());
    const std::string detail = step.value("detail", "");
    const std::string rung = rung_on(driver);
    EXPECT_TRUE(detail.starts_with(rung + ", ")) << driver.knobs() << ": " << step;
    EXPECT_EQ(detail.find("not import: ") != std::string::npos, rung != "import") << step;
    EXPECT_EQ(step.value("verdict", ""), rung == "put-image" ? "missing" : "pass") << step;
    EXPECT_EQ(step.value("remedy", "").empty(), rung != "put-image" && !wants_udmabuf(driver))
        << driver.knobs() << ": " << step;
  }
}

Recording record_by(const TempFolder& folder, const std::string& memory, const std::string& knobs) {
  return record_with(folder, {.options = {"-s", "test:bars", "--size", size, "--memory", memory}},
                     knobs);
}

TEST(Memory, cpu_copies_once_although_the_driver_would_share) {
  const TempFolder folder;
  const Recording recording = record_by(folder, "cpu", "import=all");
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.text("/encoder/rung"), "put-image");
  EXPECT_EQ(recording.count("/copies/per_frame"), 1U);
  EXPECT_NE(recording.text("/encoder/rung_reason").find("--memory cpu"), std::string::npos);
  expect_proof(recording);
  EXPECT_EQ(counters_of(decode(recording.path)), consecutive(frames));
}

TEST(Memory, dmabuf_takes_exported_surfaces_but_neither_derived_ones_nor_copies) {
  const TempFolder folder;
  const Recording exported = record_by(folder, "dmabuf", "import=none");
  expect_exit(exported.outcome, 0);
  EXPECT_EQ(exported.text("/encoder/rung"), "own-surface");
  const TempFolder empty;
  const Recording refused = record_by(empty, "dmabuf", "import=none,export=no");
  expect_exit(refused.outcome, 3);
  EXPECT_NE(refused.outcome.err.find("--memory dmabuf"), std::string::npos) << refused.outcome;
  EXPECT_NE(refused.outcome.err.find("--memory auto"), std::string::npos) << refused.outcome;
  EXPECT_EQ(empty.names(), Words{});
}

}  // namespace
}  // namespace millrace::recording
