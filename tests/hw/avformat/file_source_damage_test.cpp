// SPDX-License-Identifier: MIT
// Files that are damaged, cut short, or no media files at all.
#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "hw/avformat/file_source.h"
#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/stand_in.h"

namespace millrace::avformat::testing {
namespace {

const std::string three_seconds =
    "-f lavfi -i testsrc2=size=320x180:rate=30:duration=3 -c:v libx264 -g 15 -bf 2 ";

/// Overwrites pieces of the second half, always the same ones.
std::string with_damage(std::string bytes) {
  uint32_t state = 12345;
  for (size_t at = bytes.size() / 2; at + 64 < bytes.size(); at += bytes.size() / 23 + 1) {
    for (size_t index = 0; index < 24; ++index) {
      state = state * 1664525 + 1013904223;
      bytes[at + index] = static_cast<char>(state >> 24U);
    }
  }
  return bytes;
}

void expect_as_ffmpeg(const std::string& clip) {
  const Played played = play(PlaySettings{.source = {.path = clip}, .pixels = false});

  EXPECT_EQ(played.frames.size(), decoded_count(clip));
  EXPECT_GT(played.frames.size(), 0U);
  EXPECT_EQ(played.copies, 0U);
  EXPECT_EQ(played.buffers_at_home, played.buffers);
  const auto time = [](const Seen& frame) { return *frame.timing.pts; };
  EXPECT_TRUE(std::ranges::is_sorted(played.frames, std::less<>{}, time));
}

Error error_of(const std::string& path) {
  const auto opened = FileSource::open({.path = path});
  EXPECT_FALSE(opened);
  return opened ? Error{} : opened.error();
}

TEST(FileSource, decodes_of_a_truncated_file_what_ffmpeg_decodes) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string whole = read_file(make_clip(folder / "whole.mkv", three_seconds));
  write_file(folder / "cut.mkv", whole.substr(0, whole.size() * 6 / 10));

  expect_as_ffmpeg(folder / "cut.mkv");
}

TEST(FileSource, decodes_of_a_damaged_file_what_ffmpeg_decodes) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string whole = read_file(make_clip(folder / "whole.mkv", three_seconds));
  write_file(folder / "bad.mkv", with_damage(whole));
  const std::string stream = read_file(make_clip(folder / "whole.h264", three_seconds));
  write_file(folder / "bad.h264", with_damage(stream));

  expect_as_ffmpeg(folder / "bad.mkv");
  expect_as_ffmpeg(folder / "bad.h264");
}

TEST(FileSource, marks_pictures_that_are_known_to_be_damaged) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string stream = read_file(make_clip(folder / "whole.h264", three_seconds));
  write_file(folder / "bad.h264", with_damage(stream));

  const Played played = play(folder / "bad.h264");

  EXPECT_FALSE(played.frames.front().flags.corrupted);
  EXPECT_TRUE(
      std::ranges::any_of(played.frames, [](const Seen& frame) { return frame.flags.corrupted; }));
}

TEST(FileSource, names_a_path_that_is_absent_or_no_file) {
  const Folder folder;

  const Error absent = error_of(folder / "absent.mkv");
  const Error directory = error_of(folder / "");

  EXPECT_EQ(absent.kind, ErrorKind::unavailable);
  EXPECT_NE(absent.what.find("absent.mkv"), std::string::npos);
  EXPECT_FALSE(absent.remedy.empty());
  EXPECT_EQ(directory.kind, ErrorKind::usage);
}

TEST(FileSource, names_a_file_that_yields_no_picture) {
  const Folder folder;
  write_file(folder / "empty.mkv", "");
  write_file(folder / "noise.mkv", with_damage(std::string(4096, 'x')));

  for (const char* const name : {"empty.mkv", "noise.mkv"}) {
    const Error error = error_of(folder / name);
    EXPECT_EQ(error.kind, ErrorKind::source_lost) << name;
    EXPECT_NE(error.what.find(name), std::string::npos);
    EXPECT_FALSE(error.remedy.empty());
  }
}

TEST(FileSource, names_a_file_that_has_no_video) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const std::string sound = make_clip(folder / "sound.wav", "-f lavfi -i sine=duration=0.1");

  EXPECT_EQ(error_of(sound).kind, ErrorKind::usage);
}

TEST(FileSource, names_a_file_that_this_user_may_not_read) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const Folder folder;
  write_file(folder / "secret.mkv", "x");
  ASSERT_EQ(::chmod((folder / "secret.mkv").c_str(), 0), 0);

  EXPECT_EQ(error_of(folder / "secret.mkv").kind, ErrorKind::denied);
}

TEST(FileSource, does_not_wait_for_a_writer_of_a_pipe) {
  const Folder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.mkv").c_str(), 0600), 0);

  EXPECT_EQ(error_of(folder / "pipe.mkv").kind, ErrorKind::usage);
}

TEST(FileSource, opens_nothing_that_a_play_list_names) {
  const Folder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.ts").c_str(), 0600), 0);  // opening it would block for ever
  write_file(folder / "list.m3u8",
             "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\npipe.ts\n#EXT-X-ENDLIST\n");
  write_file(folder / "list.ffconcat", "ffconcat version 1.0\nfile pipe.ts\n");

  EXPECT_EQ(error_of(folder / "list.m3u8").kind, ErrorKind::source_lost);
  EXPECT_EQ(error_of(folder / "list.ffconcat").kind, ErrorKind::source_lost);
}

}  // namespace
}  // namespace millrace::avformat::testing
