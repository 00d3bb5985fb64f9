// SPDX-License-Identifier: MIT
#include "tests/hw/avformat/clips.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace millrace::avformat::testing {
namespace {

constexpr const char* quiet_ffmpeg = "ffmpeg -nostdin -hide_banner -loglevel error -y ";

std::string quoted(const std::string& path) {
  return "'" + path + "'";
}

}  // namespace

Folder::Folder() {
  std::string name = ::testing::TempDir() + "millrace-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "cannot make " << name;
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

bool have_ffmpeg() {
  static const bool here =
      std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0;
  return here;
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "cannot run " << command;
    return output;
  }
  std::array<char, 65536> part;
  while (const size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), size);
  }
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return output;
}

std::string make_clip(const std::string& path, const std::string& arguments) {
  static_cast<void>(output_of(quiet_ffmpeg + arguments + " " + quoted(path)));
  return path;
}

std::string probe(const std::string& path, const std::string& entries) {
  std::string text =
      output_of("ffprobe -v error -select_streams v:0 -show_entries stream=" + entries +
                " -of default=noprint_wrappers=1:nokey=1 " + quoted(path));
  while (text.ends_with('\n')) text.pop_back();
  for (char& c : text) c = c == '\n' ? '|' : c;
  return text;
}

std::vector<double> decoded_times(const std::string& path) {
  std::istringstream lines(
      output_of("ffprobe -v quiet -select_streams v:0 -show_entries "
                "frame=best_effort_timestamp_time -of default=noprint_wrappers=1:nokey=1 " +
                quoted(path)));
  std::vector<double> times;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line == "N/A") continue;
    times.push_back(std::strtod(line.c_str(), nullptr));
  }
  for (size_t index = times.size(); index-- > 0;) times[index] -= times[0];
  return times;
}

size_t decoded_count(const std::string& path) {
  const std::string lines = output_of("ffmpeg -nostdin -loglevel quiet -i " + quoted(path) +
                                      " -map 0:v:0 -fps_mode passthrough -f framecrc - || true");
  std::istringstream stream(lines);
  size_t count = 0;
  for (std::string line; std::getline(stream, line);) count += line.starts_with('#') ? 0 : 1;
  return count;
}

std::string decoded_bytes(const std::string& path, const std::string& pixel_format) {
  return output_of("ffmpeg -nostdin -loglevel error -i " + quoted(path) +
                   " -map 0:v:0 -fps_mode passthrough -f rawvideo -pix_fmt " + pixel_format + " -");
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace millrace::avformat::testing
