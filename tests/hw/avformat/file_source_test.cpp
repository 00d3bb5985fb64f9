// SPDX-License-Identifier: MIT
#include "hw/avformat/file_source.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/stand_in.h"

namespace millrace::avformat::testing {
namespace {

constexpr const char* two_seconds = "-f lavfi -i testsrc2=size=320x180:rate=30:duration=2 ";

std::string joined(const Played& played) {
  std::string all;
  for (const Seen& frame : played.frames) all += frame.pixels;
  return all;
}

void expect_times(const Played& played, const std::vector<double>& expected) {
  ASSERT_EQ(played.frames.size(), expected.size());
  for (size_t index = 0; index < expected.size(); ++index) {
    const double seconds = std::chrono::duration<double>(*played.frames[index].timing.pts).count();
    EXPECT_NEAR(seconds, expected[index], 0.001) << "frame " << index;
  }
}

TEST(FileSource, decodes_h264_into_the_pool_without_a_copy_or_a_transform) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip =
      make_clip(folder / "a.mkv",
                std::string(two_seconds) + "-c:v libx264 -preset fast -bf 3 -pix_fmt yuv420p");

  const Played played = play(clip);

  EXPECT_EQ(played.frames.size(), 60U);
  EXPECT_EQ(played.video.format, PixelFormat::i420);
  EXPECT_EQ(played.fills, 60U);
  EXPECT_EQ(played.transforms, 0U);
  EXPECT_EQ(played.copies, 0U);
  EXPECT_FALSE(played.offer.fills_by_transform);
  EXPECT_EQ(played.buffers_at_home, played.buffers);
  EXPECT_TRUE(joined(played) == decoded_bytes(clip, "yuv420p"));
}

TEST(FileSource, decodes_what_other_decoders_write_into_the_pool_too) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  for (const char* const codec : {"mpeg4", "mpeg2video", "libvpx", "ffv1"}) {
    const std::string clip =
        make_clip(folder / (std::string(codec) + ".mkv"),
                  std::string(two_seconds) + "-frames:v 20 -pix_fmt yuv420p -c:v " + codec);

    const Played played = play(clip);

    EXPECT_EQ(played.fills, 20U) << codec;
    EXPECT_EQ(played.copies + played.transforms, 0U) << codec;
    EXPECT_TRUE(joined(played) == decoded_bytes(clip, "yuv420p")) << codec;
  }
}

TEST(FileSource, keeps_the_times_of_a_variable_frame_rate) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip =
      make_clip(folder / "vfr.mp4",
                std::string(two_seconds) +
                    "-vf \"select='not(mod(n,3))+lt(n,12)',setpts='PTS+mod(N,4)*0.003/TB'\" "
                    "-fps_mode vfr -c:v libx264 -bf 2 -video_track_timescale 90000");

  const Played played = play(clip);

  EXPECT_EQ(played.frames.size(), decoded_count(clip));
  expect_times(played, decoded_times(clip));
  EXPECT_EQ(played.copies, 0U);
}

TEST(FileSource, goes_on_at_the_nominal_rate_where_the_times_of_a_clip_jump) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string ten = std::string(two_seconds) + "-frames:v 10 -c:v libx264 -bf 0 ";
  const std::string first = read_file(make_clip(folder / "a.ts", ten));
  const std::string later = read_file(make_clip(folder / "b.ts", ten + "-output_ts_offset 60"));
  for (const std::string& second : {first, later}) {
    write_file(folder / "both.ts", first + second);

    const Played played = play(folder / "both.ts");

    std::vector<double> expected;
    for (int index = 0; index < 20; ++index) expected.push_back(index / 30.0);
    expect_times(played, expected);
  }
}

TEST(FileSource, numbers_frames_and_stamps_them_on_the_monotonic_clock) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip =
      make_clip(folder / "a.mkv", std::string(two_seconds) + "-frames:v 5 -c:v libx264");
  const Timestamp before = now();

  const Played played = play(clip);

  ASSERT_EQ(played.frames.size(), 5U);
  for (size_t index = 0; index < 5; ++index) {
    EXPECT_EQ(played.frames[index].timing.sequence, index);
    EXPECT_GE(played.frames[index].timing.captured, before);
    EXPECT_LE(played.frames[index].timing.captured, now());
  }
}

TEST(FileSource, holds_more_references_than_the_rest_of_the_pool) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "refs.mkv",
      std::string(two_seconds) + "-c:v libx264 -preset placebo -refs 16 -bf 8 -b-pyramid normal");

  const Played played = play(PlaySettings{.source = {.path = clip}, .consumer_holds = 1});

  EXPECT_EQ(played.frames.size(), 60U);
  EXPECT_EQ(played.copies, 0U);
  EXPECT_TRUE(joined(played) == decoded_bytes(clip, "yuv420p"));
}

TEST(FileSource, books_a_copy_where_the_pool_is_too_small_for_the_decoder) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip =
      make_clip(folder / "refs.mkv", std::string(two_seconds) + "-c:v libx264 -refs 4 -bf 3");

  const Played played =
      play(PlaySettings{.source = {.path = clip}, .consumer_holds = 0, .buffers = 4});

  EXPECT_EQ(played.frames.size(), 60U);
  EXPECT_GT(played.copies, 0U);
  EXPECT_EQ(played.fills + played.copies, 60U);
  EXPECT_TRUE(joined(played) == decoded_bytes(clip, "yuv420p"));
}

TEST(FileSource, reports_a_colour_that_the_file_names) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(
      folder / "709.mkv", std::string(two_seconds) +
                              "-frames:v 3 -c:v libx264 -color_primaries bt709 -color_trc bt709 "
                              "-colorspace bt709 -color_range tv");

  const Played played = play(clip);

  EXPECT_EQ(played.video.colour, bt709_limited);
}

TEST(FileSource, paces_frames_by_the_clock_when_asked_to) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip =
      make_clip(folder / "a.mkv", std::string(two_seconds) + "-frames:v 16 -c:v libx264");

  const Played played = play(PlaySettings{.source = {.path = clip, .realtime = true}});

  ASSERT_EQ(played.frames.size(), 16U);
  const Duration took =
      played.frames.back().timing.captured - played.frames.front().timing.captured;
  EXPECT_GE(took, std::chrono::milliseconds(499));
}

TEST(FileSource, ends_when_a_stop_is_asked_for_while_no_buffer_is_free) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string clip = make_clip(folder / "a.mkv", std::string(two_seconds) + "-c:v libx264");
  const auto source = FileSource::open({.path = clip}).take();
  const StageOffer offer = source->describe();
  const PortOffer& port = offer.ports.front();
  const Ref<BufferPool> pool = make_pool(port, source->video(), 2);
  observe::Ledger ledger;
  ASSERT_TRUE(source->decide_allocation(decide(port, source->video(), pool, ledger)));
  std::vector<Ref<Buffer>> hoard;
  std::stop_source stop;
  const std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });

  Flow flow = Flow::next;
  while (flow != Flow::end) {
    Work work{.stop = stop.get_token()};
    const auto answer = source->process(work);
    ASSERT_TRUE(answer) << answer.error().what;
    flow = *answer;
    if (work.emitted) hoard.push_back(std::move(work.emitted));
  }

  EXPECT_LE(hoard.size(), 2U);
  source->stop();
}

}  // namespace
}  // namespace millrace::avformat::testing
