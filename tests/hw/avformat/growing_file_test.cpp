// SPDX-License-Identifier: MIT
// Files while they grow, and where they had to end early: what is there plays, without a complaint.
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hw/avformat/disk_space.h"
#include "hw/avformat/mux_stage.h"
#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/packets.h"

namespace millrace::avformat::testing {
namespace {

std::unique_ptr<Stage> open_mux(const MuxSettings& settings) {
  auto mux = MuxStage::create(settings);
  EXPECT_TRUE(mux) << mux.error().what;
  return mux ? mux.take() : nullptr;
}

Result<> write_unit(Stage& mux, const Stream& stream, size_t index) {
  Work work{.input = packet(stream, index)};
  MILLRACE_TRY(mux.process(work));
  return {};
}

/// What ffmpeg complains of when it decodes all of the file; it counts as an error to it.
std::string complaints(const std::string& path) {
  return output_of("ffmpeg -nostdin -v warning -xerror -err_detect explode -i '" + path +
                   "' -map 0:v:0 -f null - 2>&1 || echo failed");
}

/// The file as a reader finds it now.
std::string copy_of(const std::string& path) {
  const std::string copy = path + ".copy" + std::filesystem::path(path).extension().string();
  write_file(copy, read_file(path));
  return copy;
}

struct Growth {
  const char* name;
  StreamParams stream;
  size_t units;
  size_t behind;  ///< frames that a reader may have to wait for
};

const Growth growths[] = {
    {"a_frame_in_three_seconds", {.rate = {1, 3}, .frames = 4}, 4, 0},
    {"two_frames_a_second", {.rate = {2, 1}, .frames = 5}, 5, 0},
    {"five_frames_a_second", {.rate = {5, 1}, .frames = 8}, 8, 1},
    {"key_frames_a_second_apart", {.frames = 80}, 60, 14},
    {"ntsc", {.rate = {30000, 1001}, .frames = 40}, 40, 14},
};

class GrowingFile : public ::testing::TestWithParam<Growth> {};

TEST_P(GrowingFile, plays_up_to_half_a_second_ago) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream(GetParam().stream);
  for (const char* const name : {"a.mkv", "a.mp4"}) {
    const std::unique_ptr<Stage> mux =
        open_mux({.path = folder / name, .streams = {stream.format}});
    for (size_t index = 0; index < GetParam().units; ++index) {
      ASSERT_TRUE(write_unit(*mux, stream, index));
      if (index % 7 != 0 && index + 1 != GetParam().units) continue;
      if (index < GetParam().behind) continue;

      const std::string copy = copy_of(folder / name);
      EXPECT_GE(decoded_count(copy) + GetParam().behind, index + 1) << name;
      EXPECT_EQ(complaints(copy), "") << name << " at frame " << index;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, GrowingFile, ::testing::ValuesIn(growths),
                         [](const auto& one) { return std::string(one.param.name); });

/// No file may grow beyond `bytes` while this lives: as a full disk would have it.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : old_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_);
  }

  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
  void (*old_)(int);
};

TEST(FullDisk, leaves_whole_clusters_and_fragments_only) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.width = 640, .height = 360, .frames = 90});
  for (const char* const name : {"full.mkv", "full.mp4"}) {
    const std::unique_ptr<Stage> mux =
        open_mux({.path = folder / name, .streams = {stream.format}});
    const FileLimit full(200'000);
    Result<> written;
    for (size_t index = 0; written && index < stream.units.size(); ++index) {
      written = write_unit(*mux, stream, index);
    }
    ASSERT_FALSE(written) << "90 frames fitted into 200000 bytes";
    EXPECT_EQ(written.error().kind, ErrorKind::output_failed);
    EXPECT_NE(written.error().what.find("File too large"), std::string::npos);
    mux->stop();

    EXPECT_LT(std::filesystem::file_size(folder / name), 200'000U);
    EXPECT_GT(decoded_count(folder / name), 0U) << name;
    EXPECT_EQ(complaints(folder / name), "") << name;
  }
}

TEST(FullDisk, is_told_of_once_and_while_there_is_room_to_finish) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.frames = 60});
  const std::optional<uint64_t> room = free_bytes(folder / "");
  ASSERT_TRUE(room);
  std::vector<uint64_t> told;
  MuxSettings settings{.path = folder / "a.mkv", .streams = {stream.format}};
  settings.min_free = *room * 2;
  settings.on_low_space = [&told](uint64_t left) { told.push_back(left); };
  {
    const std::unique_ptr<Stage> mux = open_mux(settings);
    for (size_t index = 0; index < stream.units.size(); ++index) {
      ASSERT_TRUE(write_unit(*mux, stream, index));
    }
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_LT(told[0], settings.min_free);
  EXPECT_EQ(decoded_count(folder / "a.mkv"), stream.units.size());
  EXPECT_EQ(complaints(folder / "a.mkv"), "");
}

TEST(FullDisk, is_of_no_concern_to_devices) {
  MILLRACE_NEEDS_FFMPEG();
  const Stream stream = make_stream({.frames = 30});
  bool told = false;
  MuxSettings settings{.path = "/dev/null", .streams = {stream.format}, .min_free = UINT64_MAX};
  settings.on_low_space = [&told](uint64_t) { told = true; };
  const std::unique_ptr<Stage> mux = open_mux(settings);
  for (size_t index = 0; index < stream.units.size(); ++index) {
    ASSERT_TRUE(write_unit(*mux, stream, index));
  }
  mux->stop();

  EXPECT_FALSE(told);
}

TEST(SpaceWatch, looks_after_a_quarter_of_a_small_reserve_or_some_megabytes) {
  const Folder folder;
  write_file(folder / "a", "x");
  const int fd = ::open((folder / "a").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  SpaceWatch never(0);
  SpaceWatch always_short(UINT64_MAX);
  SpaceWatch content(4);

  EXPECT_FALSE(never.short_of(fd, UINT64_MAX));
  EXPECT_TRUE(always_short.short_of(fd, 1)) << "the first look is at once";
  EXPECT_TRUE(always_short.short_of(fd, 4 << 20));
  EXPECT_FALSE(content.short_of(fd, 1)) << "four bytes are free";
  ::close(fd);
}

TEST(FreeBytes, are_unknown_where_a_file_system_has_no_size) {
  EXPECT_FALSE(free_bytes(std::string("/proc")));
  EXPECT_FALSE(free_bytes(std::string("/nowhere")));
}

TEST(OutputStream, gets_a_file_in_order_and_is_not_sought_in) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.frames = 40});
  const std::string path = folder / "stdout";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  {
    const std::unique_ptr<Stage> mux =
        open_mux({.path = "-", .streams = {stream.format}, .stream = fd});
    for (size_t index = 0; index < stream.units.size(); ++index) {
      ASSERT_TRUE(write_unit(*mux, stream, index));
    }
  }
  EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC) << "a borrowed descriptor was closed";
  ::close(fd);
  EXPECT_EQ(decoded_count(path), stream.units.size());
  EXPECT_EQ(complaints(path), "");
}

TEST(OutputStream, that_loses_its_reader_says_so) {
  MILLRACE_NEEDS_FFMPEG();
  const Stream stream = make_stream({.frames = 2});
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  void (*const old)(int) = std::signal(SIGPIPE, SIG_IGN);
  const std::unique_ptr<Stage> mux =
      open_mux({.path = "-", .streams = {stream.format}, .stream = ends[1]});

  const Result<> written = write_unit(*mux, stream, 0);

  std::signal(SIGPIPE, old);
  ::close(ends[1]);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::output_failed);
  EXPECT_EQ(written.error().code, EPIPE);
  EXPECT_NE(written.error().remedy.find("reader"), std::string::npos);
}

}  // namespace
}  // namespace millrace::avformat::testing
