// SPDX-License-Identifier: MIT
#include "tests/engine/format/gstreamer/explanation.h"

#include <algorithm>
#include <functional>

namespace millrace::testing {
namespace {

uint64_t rounded_up(uint64_t value, uint64_t step) {
  return step == 0 ? value : (value + step - 1) / step * step;
}

bool is_packed_in_groups(PixelFormat format) {
  return format == PixelFormat::uyvp || format == PixelFormat::v210;
}

/// W14: pixels on the left so that every plane moves by whole groups, to an aligned byte.
uint32_t right_left(const Question& question) {
  const PixelFormatFacts& format = facts(question.format);
  const auto fits = [&](uint32_t left) {
    for (size_t index = 0; index < format.plane_count; ++index) {
      const PlaneFacts& plane = format.planes[index];
      const uint64_t align = std::max<uint64_t>(question.wanted.stride_align[index], 1);
      if (left % plane.group_width != 0) return false;
      if (uint64_t{left} / plane.group_width * plane.group_bytes % align != 0) return false;
    }
    return true;
  };
  uint32_t left = question.wanted.left;
  while (!fits(left)) ++left;
  return left;
}

/// W14, and W16: of every field.
uint32_t right_top(const Question& question) {
  uint32_t step = question.interlace == InterlaceMode::alternate ? 2 : 1;
  step *= facts(question.format).even_height;
  return static_cast<uint32_t>(rounded_up(question.wanted.top, step));
}

/// The picture with its padding as a picture of its own.
std::optional<Answer> padded_picture(const Question& question, uint32_t left, uint32_t top) {
  return reference({.format = question.format,
                    .width = left + question.width + question.wanted.right,
                    .height = top + question.height + question.wanted.bottom,
                    .interlace = question.interlace});
}

/// Rows between the starts of planes, by the reference's own offsets.
std::array<uint64_t, max_planes> rows_to_next(const Answer& answer, size_t planes) {
  std::array<uint64_t, max_planes> rows{};
  for (size_t index = 0; index < planes; ++index) {
    const uint64_t end = index + 1 < planes ? answer.plane[index + 1].offset : answer.size;
    rows[index] = (end - answer.plane[index].offset) / answer.plane[index].stride;
  }
  return rows;
}

class Correction {
 public:
  Correction(const Question& question, uint32_t left, uint32_t top, const Answer& padded)
      : question_(question),
        format_(facts(question.format)),
        left_(left),
        top_(top),
        answer_(padded),
        rows_to_next_(rows_to_next(padded, format_.plane_count)) {}

  Explanation explained() {
    complete_pairs();
    lend_chroma_rows();
    align_strides();
    place();
    return {answer_, rows_};
  }

 private:
  /// 1.22: rows of UYVP.
  void complete_pairs() {
    if (question_.format != PixelFormat::uyvp) return;
    const uint64_t width = uint64_t{left_} + question_.width + question_.wanted.right;
    set_stride(0, rounded_up((width + 1) / 2 * 5, 4), "1.22");
  }

  /// W16: chroma rows of each field, where NV12 of that size has them.
  void lend_chroma_rows() {
    if (question_.format != PixelFormat::p010 && question_.format != PixelFormat::p016) return;
    Question plain = question_;
    plain.format = PixelFormat::nv12;
    const std::optional<Answer> nv12 = padded_picture(plain, left_, top_);
    const uint64_t rows = rows_to_next(nv12.value_or(answer_), 2)[1];
    if (rows != rows_to_next_[1]) rows_.insert("W16");
    rows_to_next_[1] = rows;
  }

  /// W13: each plane's own.
  void align_strides() {
    bool longer = false;
    uint64_t pixels = UINT64_MAX;
    for (size_t index = 0; index < format_.plane_count; ++index) {
      const uint64_t before = answer_.plane[index].stride;
      set_stride(index, rounded_up(before, question_.wanted.stride_align[index]), "");
      longer |= answer_.plane[index].stride != before;
      pixels = std::min(pixels, answer_.plane[index].stride / format_.planes[index].group_bytes *
                                    format_.planes[index].group_width);
    }
    answer_.right =
        longer ? static_cast<uint32_t>(pixels - left_ - question_.width) : question_.wanted.right;
  }

  /// Planes behind each other, and the picture behind its padding.
  void place() {
    const uint64_t above = question_.interlace == InterlaceMode::alternate ? top_ / 2 : top_;
    answer_.left = left_;
    answer_.top = top_;
    answer_.size = 0;
    for (size_t index = 0; index < format_.plane_count; ++index) {
      const PlaneFacts& facts_of_plane = format_.planes[index];
      Answer::Plane& plane = answer_.plane[index];
      plane.offset = answer_.size + above / facts_of_plane.group_height * plane.stride +
                     uint64_t{left_} / facts_of_plane.group_width * facts_of_plane.group_bytes;
      answer_.size += rows_to_next_[index] * plane.stride;
    }
  }

  void set_stride(size_t index, uint64_t stride, const char* row) {
    Answer::Plane& plane = answer_.plane[index];
    if (stride != plane.stride && *row != 0) rows_.insert(row);
    plane.bytes = plane.bytes / plane.stride * stride;
    plane.stride = stride;
  }

  const Question& question_;
  const PixelFormatFacts& format_;
  const uint32_t left_;
  const uint32_t top_;
  Answer answer_;
  std::array<uint64_t, max_planes> rows_to_next_;
  std::set<std::string> rows_;
};

bool has_other_strides(const Answer& one, const Answer& other) {
  const auto differ = [](const Answer::Plane& a, const Answer::Plane& b) {
    return a.stride != b.stride;
  };
  return !std::ranges::equal(one.plane, other.plane, std::not_fn(differ));
}

bool is_aligned(const Question& question) {
  return std::ranges::any_of(question.wanted.stride_align,
                             [](uint64_t align) { return align > 1; });
}

/// W13, where the padding is none of the reason: it is asked for as it must be.
bool is_widened(const Question& question, const Answer& right) {
  if (!is_aligned(question)) return false;
  Question moved = question;
  moved.wanted.left = right.left;
  moved.wanted.top = right.top;
  const std::optional<Answer> answer = reference(moved);
  return !answer || has_other_strides(*answer, right) || answer->right != right.right;
}

/// W14: what the reference makes of the padding is no whole groups, or moves nothing.
bool is_torn(const Question& question, const Answer& right) {
  const std::optional<Answer> answer = reference(question);
  const uint32_t left = answer ? answer->left : question.wanted.left;
  const bool is_field = question.interlace == InterlaceMode::alternate;
  return left != right.left || (right.left != 0 && is_packed_in_groups(question.format)) ||
         (question.wanted.top != right.top && !is_field);
}

}  // namespace

std::optional<Explanation> explain(const Question& question) {
  const uint32_t left = right_left(question);
  const uint32_t top = right_top(question);
  const std::optional<Answer> padded = padded_picture(question, left, top);
  if (!padded) return std::nullopt;
  Explanation explanation = Correction(question, left, top, *padded).explained();
  if (is_widened(question, explanation.right)) explanation.rows.insert("W13");
  if (is_torn(question, explanation.right)) explanation.rows.insert("W14");
  if (question.interlace == InterlaceMode::alternate && top != 0) explanation.rows.insert("W16");
  return explanation;
}

}  // namespace millrace::testing
