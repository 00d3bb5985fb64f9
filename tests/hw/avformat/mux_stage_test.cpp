// SPDX-License-Identifier: MIT
#include "hw/avformat/mux_stage.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hw/avformat/annex_b.h"
#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/packets.h"

namespace millrace::avformat::testing {
namespace {

std::unique_ptr<Stage> open_mux(const MuxSettings& settings) {
  auto mux = MuxStage::create(settings);
  EXPECT_TRUE(mux) << mux.error().what;
  return mux ? mux.take() : nullptr;
}

void write_unit(Stage& mux, const Stream& stream, size_t index, size_t port = 0) {
  Work work{.input = packet(stream, index), .input_port = port};
  const auto flow = mux.process(work);
  ASSERT_TRUE(flow) << flow.error().what;
}

void drain(Stage& mux) {
  Work work{.draining = true};
  const auto flow = mux.process(work);
  ASSERT_TRUE(flow) << flow.error().what;
  EXPECT_EQ(*flow, Flow::end);
}

void record(const Stream& stream, const MuxSettings& settings) {
  const std::unique_ptr<Stage> mux = open_mux(settings);
  for (size_t index = 0; index < stream.units.size(); ++index) write_unit(*mux, stream, index);
  drain(*mux);
}

struct Case {
  const char* extension;
  Container container;
};

constexpr Case cases[] = {{"mkv", Container::automatic},
                          {"mp4", Container::automatic},
                          {"mp4", Container::mp4},
                          {"h264", Container::automatic}};

std::string name_of(const Case& which) {
  return fmt::format("out-{}.{}", to_string(which.container), which.extension);
}

TEST(MuxStage, writes_files_that_report_the_exact_size_rate_and_colour) {
  MILLRACE_NEEDS_FFMPEG();
  const StreamParams sizes[] = {{.width = 1366, .height = 768, .frames = 3},
                                {.width = 322, .height = 182, .rate = {30000, 1001}},
                                {.width = 4096, .height = 2160, .rate = {60, 1}, .frames = 2}};
  const Folder folder;
  for (const StreamParams& params : sizes) {
    const Stream stream = make_stream(params);
    for (const Case& which : cases) {
      const std::string path = folder / name_of(which);
      record(stream, {path, which.container, true, {stream.format}, "test"});

      EXPECT_EQ(probe(path, "width,height,color_range,color_space,color_transfer,color_primaries"),
                fmt::format("{}|{}|tv|bt709|bt709|bt709", params.width, params.height))
          << path;
      EXPECT_EQ(decoded_count(path), stream.units.size()) << path;
      if (which.extension != std::string("h264")) {
        EXPECT_EQ(probe(path, "avg_frame_rate"),
                  fmt::format("{}/{}", params.rate.num, params.rate.den))
            << path;
      }
    }
  }
}

TEST(MuxStage, keeps_times_within_a_millisecond) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.rate = {24000, 1001}});
  for (const char* const name : {"a.mkv", "a.mp4"}) {
    record(stream, {folder / name, Container::automatic, false, {stream.format}, ""});

    const std::vector<double> times = decoded_times(folder / name);
    ASSERT_EQ(times.size(), stream.units.size()) << name;
    for (size_t index = 0; index < times.size(); ++index) {
      EXPECT_NEAR(times[index], static_cast<double>(index) * 1001 / 24000, 0.001) << name;
    }
  }
}

TEST(MuxStage, keeps_the_time_of_every_frame_behind_gaps) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.frames = 60});
  // In frames of the nominal rate: a gap in each second, and one of four seconds.
  const auto slot_of = [](size_t index) {
    return index + index / 15 * 8 + (index >= 40 ? size_t{120} : 0);
  };
  for (const Case& which : {cases[0], cases[1], cases[2]}) {
    const std::string path = folder / name_of(which);
    const std::unique_ptr<Stage> mux =
        open_mux({path, which.container, false, {stream.format}, ""});
    for (size_t index = 0; index < stream.units.size(); ++index) {
      Work work{.input = packet(stream, index)};
      work.input->timing.pts = Duration(static_cast<int64_t>(slot_of(index)) * 1'000'000'000 / 30);
      ASSERT_TRUE(mux->process(work));
    }
    drain(*mux);

    const std::vector<double> times = decoded_times(path);
    ASSERT_EQ(times.size(), stream.units.size()) << path;
    for (size_t index = 0; index < times.size(); ++index) {
      EXPECT_NEAR(times[index], static_cast<double>(slot_of(index)) / 30, 0.001) << path;
    }
  }
}

TEST(MuxStage, writes_the_colour_that_the_encoder_could_not) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  Stream stream = make_stream({.frames = 4, .colour = ""});
  stream.format.colour_in_stream = false;
  stream.format.colour = {ColourRange::full, ColourPrimaries::bt601, ColourTransfer::bt601,
                          ColourMatrix::bt601};
  for (const Case& which : cases) {
    const std::string path = folder / name_of(which);
    record(stream, {path, which.container, true, {stream.format}, ""});

    EXPECT_EQ(probe(path, "color_range,color_space,color_transfer,color_primaries"),
              "pc|smpte170m|smpte170m|smpte170m")
        << path;
  }
}

TEST(MuxStage, begins_with_the_first_key_packet) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.frames = 40});
  const std::string path = folder / "late.mkv";
  const std::unique_ptr<Stage> mux =
      open_mux({path, Container::automatic, false, {stream.format}, ""});
  for (size_t index = 20; index < 40; ++index) write_unit(*mux, stream, index);
  drain(*mux);

  EXPECT_EQ(decoded_count(path), 10U);
}

TEST(MuxStage, leaves_a_playable_file_at_every_moment) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.frames = 60});
  for (const char* const name : {"a.mkv", "a.mp4"}) {
    const std::string path = folder / name;
    const std::unique_ptr<Stage> mux =
        open_mux({path, Container::automatic, false, {stream.format}, ""});
    for (size_t index = 0; index < 60; ++index) write_unit(*mux, stream, index);

    write_file(folder / (std::string("copy-") + name), read_file(path));
    EXPECT_GE(decoded_count(folder / (std::string("copy-") + name)), 43U)
        << name << ": of 60 frames at most half a second and two frames may be missing";
  }
}

TEST(MuxStage, writes_two_streams_on_one_clock) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream first = make_stream({});
  const Stream second = make_stream({.width = 160, .height = 120});
  const std::string path = folder / "two.mkv";
  const std::unique_ptr<Stage> mux =
      open_mux({path, Container::automatic, false, {first.format, second.format}, ""});
  for (size_t index = 0; index < first.units.size(); ++index) {
    write_unit(*mux, first, index, 0);
    if (index >= 3) write_unit(*mux, second, index - 3, 1);
  }
  drain(*mux);

  EXPECT_EQ(mux->describe().ports.size(), 2U);
  EXPECT_EQ(output_of("ffprobe -v error -count_packets -show_entries stream=width,nb_read_packets "
                      "-of csv=p=0 '" +
                      path + "'"),
            "320,45\n160,42\n");
}

TEST(MuxStage, separates_frames_that_fall_into_one_tick) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.rate = {2000, 1}});
  record(stream, {folder / "fast.mkv", Container::automatic, false, {stream.format}, ""});

  EXPECT_EQ(decoded_count(folder / "fast.mkv"), stream.units.size());
}

}  // namespace
}  // namespace millrace::avformat::testing
