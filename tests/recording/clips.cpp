// SPDX-License-Identifier: MIT
#include "tests/recording/clips.h"

#include <fstream>
#include <random>

#include "tests/recording/media.h"

namespace millrace::recording {

std::string make_clip(const TempFolder& folder, const ClipOrder& order) {
  const std::string path = folder.file(order.name);
  std::vector<std::string> arguments = {
      "-f",        "lavfi",
      "-i",        "testsrc2=size=" + order.size + ":rate=30," + order.filter,
      "-frames:v", std::to_string(order.frames)};
  arguments.insert(arguments.end(), order.encoder.begin(), order.encoder.end());
  arguments.push_back(path);
  ffmpeg(arguments);
  return path;
}

std::vector<std::string> with(std::vector<std::string> options,
                              const std::vector<std::string>& more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

void damage(const std::string& path, unsigned count, unsigned seed) {
  std::string bytes = read_bytes(path);
  std::mt19937 random(seed);
  std::uniform_int_distribution<size_t> place(bytes.size() / 4, bytes.size() * 3 / 4);
  for (unsigned i = 0; i < count; ++i) {
    char& byte = bytes[place(random)];
    byte = static_cast<char>(~byte);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace millrace::recording
