// SPDX-License-Identifier: MIT
// What both sides are asked for, and the form in which both answer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/format/video_alignment.h"

namespace millrace::testing {

struct Question {
  PixelFormat format = PixelFormat::nv12;
  uint32_t width = 0;
  uint32_t height = 0;
  InterlaceMode interlace = InterlaceMode::progressive;
  VideoAlignment wanted{};
};

struct Answer {
  struct Plane {
    uint64_t offset = 0;
    uint64_t stride = 0;
    uint64_t bytes = 0;
    friend bool operator==(const Plane&, const Plane&) = default;
  };

  std::array<Plane, max_planes> plane{};
  uint64_t size = 0;
  uint32_t left = 0, right = 0, top = 0;  ///< the padding that came of it
  friend bool operator==(const Answer&, const Answer&) = default;
};

std::string text(const Question& question);
std::string text(const std::optional<Answer>& answer);

/// What align() says.
std::optional<Answer> ours(const Question& question);

/// What gst_video_info_align_full() says, and nothing where it refuses.
std::optional<Answer> reference(const Question& question);

}  // namespace millrace::testing
