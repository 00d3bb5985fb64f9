// SPDX-License-Identifier: MIT
// Clips made by the ffmpeg program, and what ffprobe says about files: a reader that is not ours.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace millrace::avformat::testing {

/// A folder that goes with its object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

[[nodiscard]] bool have_ffmpeg();

/// What `command` printed on stdout; a failure of the command fails the test.
[[nodiscard]] std::string output_of(const std::string& command);

/// Runs `ffmpeg ARGUMENTS PATH` and returns the path.
std::string make_clip(const std::string& path, const std::string& arguments);

/// Values of `entries` (as for -show_entries) of the first video stream, joined by '|'.
[[nodiscard]] std::string probe(const std::string& path, const std::string& entries);

/// Presentation times in seconds of the pictures that ffprobe decodes, the first made 0.
[[nodiscard]] std::vector<double> decoded_times(const std::string& path);

/// Pictures that the ffmpeg program itself decodes.
[[nodiscard]] size_t decoded_count(const std::string& path);

/// The pictures as ffmpeg decodes them, tightly packed in `pixel_format`.
[[nodiscard]] std::string decoded_bytes(const std::string& path, const std::string& pixel_format);

[[nodiscard]] std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);

}  // namespace millrace::avformat::testing

/// Skips the test, with the reason, where there is no ffmpeg program.
#define MILLRACE_NEEDS_FFMPEG()                      \
  if (!::millrace::avformat::testing::have_ffmpeg()) \
  GTEST_SKIP() << "the ffmpeg and ffprobe programs are not installed (package ffmpeg)"
