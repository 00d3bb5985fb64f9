// SPDX-License-Identifier: MIT
// Outputs that cannot be written: before anything runs, and in the middle of it.
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "hw/avformat/mux_stage.h"
#include "tests/hw/avformat/clips.h"
#include "tests/hw/avformat/packets.h"

namespace millrace::avformat::testing {
namespace {

MuxSettings settings_for(const std::string& path) {
  return {.path = path, .streams = {PacketFormat{.width = 320, .height = 180}}};
}

Error error_of(const MuxSettings& settings) {
  const auto mux = MuxStage::create(settings);
  EXPECT_FALSE(mux);
  return mux ? Error{} : mux.error();
}

TEST(MuxStage, does_not_overwrite_a_file_unless_told_to) {
  const Folder folder;
  write_file(folder / "a.mkv", "precious");

  const Error error = error_of(settings_for(folder / "a.mkv"));

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_NE(error.remedy.find("--overwrite"), std::string::npos);
  EXPECT_EQ(read_file(folder / "a.mkv"), "precious");
}

TEST(MuxStage, names_a_folder_that_is_absent_or_a_folder_in_place_of_a_file) {
  const Folder folder;

  const Error absent = error_of(settings_for(folder / "no/a.mkv"));
  MuxSettings directory = settings_for(folder / "");
  directory.container = Container::mkv;

  EXPECT_EQ(absent.kind, ErrorKind::output_failed);
  EXPECT_NE(absent.what.find("no/a.mkv"), std::string::npos);
  EXPECT_FALSE(absent.remedy.empty());
  EXPECT_EQ(error_of(directory).kind, ErrorKind::output_failed);
}

TEST(MuxStage, names_a_folder_that_this_user_may_not_write_to) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const Folder folder;
  ASSERT_EQ(::chmod((folder / "").c_str(), 0500), 0);

  EXPECT_EQ(error_of(settings_for(folder / "a.mkv")).kind, ErrorKind::denied);
  ::chmod((folder / "").c_str(), 0700);
}

TEST(MuxStage, refuses_plain_mp4_into_a_pipe) {
  const Folder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.mp4").c_str(), 0600), 0);
  const std::string reader = folder / "pipe.mp4";
  const int fd = ::open(reader.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(fd, 0);
  MuxSettings settings = settings_for(reader);
  settings.container = Container::mp4;

  const Error error = error_of(settings);

  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_TRUE(std::filesystem::exists(reader)) << "a pipe is not ours to remove";
  ::close(fd);
}

TEST(MuxStage, removes_a_file_that_never_got_a_packet) {
  const Folder folder;
  {
    const auto mux = MuxStage::create(settings_for(folder / "a.mkv"));
    ASSERT_TRUE(mux) << mux.error().what;
    EXPECT_TRUE(std::filesystem::exists(folder / "a.mkv"));
    (*mux)->stop();
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "a.mkv"));
}

TEST(MuxStage, leaves_the_file_that_it_may_replace_as_it_was_until_there_is_a_packet) {
  const Folder folder;
  write_file(folder / "a.mkv", "precious");
  MuxSettings settings = settings_for(folder / "a.mkv");
  settings.overwrite = true;
  {
    const auto mux = MuxStage::create(settings);
    ASSERT_TRUE(mux) << mux.error().what;
    EXPECT_EQ(read_file(folder / "a.mkv"), "precious");
    (*mux)->stop();
  }
  EXPECT_EQ(read_file(folder / "a.mkv"), "precious");
}

TEST(MuxStage, leaves_nothing_of_a_longer_file_that_it_replaces) {
  MILLRACE_NEEDS_FFMPEG();
  const Folder folder;
  const Stream stream = make_stream({.frames = 2});
  const std::string path = folder / "a.mkv";
  write_file(path, std::string(1'000'000, 'x'));
  {
    const auto mux = MuxStage::create({path, Container::automatic, true, {stream.format}, ""});
    ASSERT_TRUE(mux) << mux.error().what;
    for (size_t index = 0; index < stream.units.size(); ++index) {
      Work work{.input = packet(stream, index)};
      ASSERT_TRUE((*mux)->process(work));
    }
    (*mux)->stop();
  }
  EXPECT_LT(std::filesystem::file_size(path), 1'000'000U);
  EXPECT_EQ(decoded_count(path), 2U);
}

TEST(MuxStage, takes_no_file_that_another_one_is_writing) {
  const Folder folder;
  const auto first = MuxStage::create(settings_for(folder / "a.mkv"));
  ASSERT_TRUE(first) << first.error().what;
  MuxSettings settings = settings_for(folder / "a.mkv");
  settings.overwrite = true;

  const Error error = error_of(settings);

  EXPECT_EQ(error.kind, ErrorKind::output_failed);
  EXPECT_NE(error.what.find("another program is writing"), std::string::npos) << error.what;
  EXPECT_FALSE(error.remedy.empty());
  EXPECT_TRUE(std::filesystem::exists(folder / "a.mkv"));
}

TEST(MuxStage, says_that_its_file_has_lost_its_name) {
  MILLRACE_NEEDS_FFMPEG();
  const Stream stream = make_stream({.frames = 2});
  for (const bool replaced : {false, true}) {
    const Folder folder;
    const auto mux =
        MuxStage::create({folder / "a.mkv", Container::mkv, false, {stream.format}, ""});
    ASSERT_TRUE(mux) << mux.error().what;
    Work work{.input = packet(stream, 0)};
    ASSERT_TRUE((*mux)->process(work));
    std::filesystem::rename(folder / "a.mkv", folder / "b.mkv");
    if (replaced) write_file(folder / "a.mkv", "precious");

    Work end{.draining = true};
    const auto flow = (*mux)->process(end);

    ASSERT_FALSE(flow);
    EXPECT_EQ(flow.error().kind, ErrorKind::output_failed);
    EXPECT_NE(flow.error().what.find("renamed"), std::string::npos) << flow.error().what;
    EXPECT_EQ(decoded_count(folder / "b.mkv"), 1U);
    EXPECT_EQ(std::filesystem::exists(folder / "a.mkv"), replaced);
    if (replaced) {
      EXPECT_EQ(read_file(folder / "a.mkv"), "precious");
    }
  }
}

TEST(MuxStage, removes_no_file_but_its_own) {
  const Folder folder;
  {
    const auto mux = MuxStage::create(settings_for(folder / "a.mkv"));
    ASSERT_TRUE(mux) << mux.error().what;
    std::filesystem::remove(folder / "a.mkv");
    write_file(folder / "a.mkv", "precious");
    (*mux)->stop();
  }
  EXPECT_EQ(read_file(folder / "a.mkv"), "precious");
}

TEST(MuxStage, does_not_wait_for_the_reader_of_a_pipe) {
  const Folder folder;
  const std::string pipe = folder / "pipe.mkv";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);

  const Error error = error_of(settings_for(pipe));

  EXPECT_EQ(error.kind, ErrorKind::output_failed);
  EXPECT_NE(error.what.find("nobody reads this pipe"), std::string::npos) << error.what;
  EXPECT_NE(error.remedy.find("reader"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(pipe));
}

TEST(MuxStage, names_the_errno_of_a_device_that_takes_nothing) {
  MILLRACE_NEEDS_FFMPEG();
  const Stream stream = make_stream({.frames = 2});
  const auto mux = MuxStage::create({"/dev/full", Container::mkv, false, {stream.format}, ""});
  ASSERT_TRUE(mux) << mux.error().what;
  Work work{.input = packet(stream, 0)};

  const auto flow = (*mux)->process(work);

  ASSERT_FALSE(flow);
  EXPECT_EQ(flow.error().kind, ErrorKind::output_failed);
  EXPECT_NE(flow.error().what.find("No space left"), std::string::npos) << flow.error().what;
}

}  // namespace
}  // namespace millrace::avformat::testing
