// SPDX-License-Identifier: MIT
#include "tests/engine/format/gstreamer/question.h"

#include <fmt/format.h>

namespace millrace::testing {

std::string text(const Question& question) {
  const VideoAlignment& wanted = question.wanted;
  std::string line = fmt::format("{} {}x{} mode {} left {} right {} top {} bottom {} aligned",
                                 to_string(question.format), question.width, question.height,
                                 static_cast<int>(question.interlace), wanted.left, wanted.right,
                                 wanted.top, wanted.bottom);
  for (const uint64_t align : wanted.stride_align) line += fmt::format(" {}", align);
  return line;
}

std::string text(const std::optional<Answer>& answer) {
  if (!answer) return "refused";
  std::string line = fmt::format("size {} left {} right {} top {}", answer->size, answer->left,
                                 answer->right, answer->top);
  for (const Answer::Plane& plane : answer->plane) {
    line += fmt::format(", offset {} stride {} bytes {}", plane.offset, plane.stride, plane.bytes);
  }
  return line;
}

std::optional<Answer> ours(const Question& question) {
  const VideoInfo info{
      .video = {.format = question.format, .width = question.width, .height = question.height},
      .interlace = question.interlace,
      .layout = {}};
  const Result<AlignedVideo> aligned = align(info, question.wanted);
  if (!aligned) return std::nullopt;
  const Layout& layout = aligned->info.layout;
  Answer answer{.size = layout.size,
                .left = aligned->alignment.left,
                .right = aligned->alignment.right,
                .top = aligned->alignment.top};
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    const PlaneLayout& plane = layout.plane[index];
    answer.plane[index] = {plane.offset, plane.stride, plane.bytes()};
  }
  return answer;
}

}  // namespace millrace::testing
