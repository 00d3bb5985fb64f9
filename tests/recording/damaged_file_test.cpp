// SPDX-License-Identifier: MIT
// Files that are damaged, cut off, or no video at all: what decodes is recorded, the rest is an
// error with a name, and nothing crashes.
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/long_form.h"
#include "tests/recording/clips.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

/// How many frames libavcodec gets out of a damaged file, complaints aside.
uint64_t decodable_frames(const std::string& path) {
  const Outcome outcome =
      run({.program = "ffprobe",
           .arguments = {"-v", "quiet", "-count_frames", "-select_streams", "v:0", "-show_entries",
                         "stream=nb_read_frames", "-of", "csv=p=0", path}});
  return std::strtoull(outcome.out.c_str(), nullptr, 10);
}

Recording record_clip(const TempFolder& folder, const std::string& clip) {
  return record(folder, {.options = {"-s", "file:" + clip}});
}

void expect_refused(const TempFolder& folder, const std::string& clip, int code,
                    const std::string& word) {
  const Words before = folder.names();
  const Recording recording = record_clip(folder, clip);
  expect_exit(recording.outcome, code);
  EXPECT_NE(recording.outcome.err.find(word), std::string::npos) << recording.outcome;
  EXPECT_NE(recording.outcome.err.find(clip), std::string::npos) << recording.outcome;
  EXPECT_EQ(folder.names(), before) << "no file is left behind";
}

TEST(TruncatedFile, is_recorded_up_to_where_it_ends) {
  const TempFolder folder;

  struct {
    std::string name;
    Words more;
  } const kinds[] = {{"clip.mkv", {}},
                     {"clip.mp4", {"-movflags", "+faststart"}},
                     {"clip.ts", {}},
                     {"clip.h264", {}}};

  for (const auto& kind : kinds) {
    const std::string clip =
        make_clip(folder, {.name = kind.name, .frames = 60, .encoder = with(x264, kind.more)});
    const std::string whole = read_bytes(clip);
    const std::string cut =
        folder.write("cut-" + kind.name, whole.substr(0, whole.size() * 6 / 10));
    const uint64_t frames = decodable_frames(cut);
    ASSERT_GT(frames, 10U) << kind.name;
    const Recording recording =
        record(folder, {.options = {"-s", "file:" + cut}, .output = kind.name + ".mkv"});
    expect_exit(recording.outcome, 0);
    EXPECT_EQ(recording.count("/frames/delivered"), frames) << kind.name;
    EXPECT_EQ(facts_of(recording.path).frames, frames) << kind.name;
    EXPECT_EQ(recording.count("/copies/bytes"), 0U);
  }
}

TEST(TruncatedFile, without_its_index_is_refused) {
  const TempFolder folder;
  const std::string clip = make_clip(folder, {.name = "clip.mp4", .frames = 30, .encoder = x264});
  const std::string whole = read_bytes(clip);
  const std::string cut = folder.write("cut.mp4", whole.substr(0, whole.size() / 2));
  expect_refused(folder, cut, 6, "cut.mp4");
}

class DamagedFile : public testing::TestWithParam<unsigned> {};

TEST_P(DamagedFile, is_recorded_as_far_as_it_decodes) {
  const TempFolder folder;
  const std::string clip =
      make_clip(folder, {.name = "clip.mkv", .frames = 50, .encoder = with(x264, {"-g", "10"})});
  damage(clip, 12, GetParam());
  const uint64_t frames = decodable_frames(clip);
  ASSERT_GT(frames, 0U);
  const Recording recording = record_clip(folder, clip);
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.count("/frames/delivered"), frames) << recording.outcome;
  EXPECT_GT(recording.count("/frames/corrupted"), 0U) << "damage is never silent";
  EXPECT_EQ(facts_of(recording.path).frames, frames);
  EXPECT_EQ(recording.count("/copies/bytes"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Seed, DamagedFile, testing::Range(1U, 6U));

/// Every kind of file, damaged harder: only that it ends by itself, with a code that is documented.
TEST(DamagedFiles, never_crash_the_program) {
  const unsigned rounds = test::in_long_form() ? 60 : 2;
  const TempFolder folder;
  const ClipOrder clips[] = {
      {.name = "clip.mkv", .frames = 10, .encoder = with(x264, {"-bf", "2"})},
      {.name = "clip.mp4", .frames = 10, .encoder = with(x264, {"-movflags", "+faststart"})},
      {.name = "clip.h264", .frames = 10, .encoder = x264},
      {.name = "clip.y4m", .size = "64x48", .frames = 10, .encoder = {"-pix_fmt", "yuv420p"}},
      {.name = "clip.webm",
       .frames = 10,
       .encoder = {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"},
       .filter = "scale=163:91"},
  };
  for (unsigned round = 0; round < rounds; ++round) {
    for (const ClipOrder& order : clips) {
      const std::string clip = make_clip(folder, order);
      damage(clip, 200, round);
      const Recording recording =
          record(folder, {.options = {"-s", "file:" + clip, "--overwrite", "always"}});
      const int code = recording.outcome.exit_code;
      EXPECT_TRUE(code == 0 || code == 6) << order.name << ": " << recording.outcome;
      expect_exit(recording.outcome, code);
    }
  }
}

TEST(NoVideo, in_a_file_of_sound_is_an_error_that_says_so) {
  const TempFolder folder;
  const std::string clip = folder.file("sound.mkv");
  ffmpeg({"-f", "lavfi", "-i", "sine=frequency=440:duration=1", "-c:a", "aac", clip});
  expect_refused(folder, clip, 2, "video");
}

TEST(NoVideo, in_an_empty_file_is_an_error_that_says_so) {
  const TempFolder folder;
  for (const std::string name : {"empty.mkv", "empty.nv12", "empty.y4m"}) {
    const std::string clip = folder.write(name, "");
    expect_refused(folder, clip, 6, name);
  }
}

TEST(NoVideo, in_a_file_of_text_is_an_error_that_says_so) {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "The quick brown fox jumps over the lazy dog.\n";
  expect_refused(folder, folder.write("notes.mkv", text), 6, "notes.mkv");
}

TEST(RawFile, that_ends_within_a_frame_gives_the_whole_ones_and_says_so) {
  const TempFolder folder;
  const std::string clip = folder.write("clip.nv12", std::string(64 * 64 * 3 / 2 * 3 + 100, 'x'));
  const Recording recording =
      record(folder, {.options = {"-s", "file:" + clip, "--size", "64x64"}});
  EXPECT_EQ(recording.count("/frames/delivered"), 3U) << recording.outcome;
  expect_exit(recording.outcome, 0);
  EXPECT_NE(recording.outcome.err.find("no whole frame"), std::string::npos) << recording.outcome;
}

TEST(RawFile, smaller_than_one_frame_is_refused) {
  const TempFolder folder;
  expect_refused(folder, folder.write("clip.nv12", "too small"), 6, "clip.nv12");
}

}  // namespace
}  // namespace millrace::recording
