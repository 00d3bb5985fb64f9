// SPDX-License-Identifier: MIT
// Clips: media files made by ffmpeg at test time, each with one thing about it that is awkward.
#pragma once

#include <string>
#include <vector>

#include "tests/recording/temp_folder.h"

namespace millrace::recording {

struct ClipOrder {
  std::string name;  ///< with the extension that chooses the container
  std::string size = "320x180";
  int frames = 40;
  std::vector<std::string> encoder;  ///< ffmpeg's options: codec, pixel format, …
  std::string filter = "null";       ///< over the test picture
};

/// Makes the clip in `folder` and gives its path.
std::string make_clip(const TempFolder& folder, const ClipOrder& order);

inline const std::vector<std::string> x264 = {"-c:v",      "libx264",  "-preset",
                                              "ultrafast", "-pix_fmt", "yuv420p"};

/// `options` and then `more`.
std::vector<std::string> with(std::vector<std::string> options,
                              const std::vector<std::string>& more);

/// Turns every bit of `count` bytes of the file's middle half, places drawn from `seed`.
void damage(const std::string& path, unsigned count, unsigned seed);

}  // namespace millrace::recording
