// SPDX-License-Identifier: MIT
// Why an answer of ours differs from the reference's: what it does wrong, as steps that turn its
// own answers to simpler questions into the right one.
//
// W13: it widens the picture, for all planes at once, until strides are aligned, or gives up.
// Right:
//      each plane's own stride is rounded up; the padding on the right is what the rows then hold.
// W14: padding on the left or above moves planes by different ways, packed groups not at all.
// Right:
//      whole groups of every plane.
// W16: alternating fields move by the rows of the frame, and P010 and P016 lack the rows of chroma
//      for each field. Right: half of the rows, and as NV12.
// 1.22: UYVP's rows end within a pair of pixels. Right: whole pairs, as its later releases have.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "tests/engine/format/gstreamer/question.h"

namespace millrace::testing {

struct Explanation {
  Answer right;                ///< what our answer must be
  std::set<std::string> rows;  ///< what may make it another one than the reference's
};

/// Nothing where the reference does not even take the plain picture with its padding.
std::optional<Explanation> explain(const Question& question);

}  // namespace millrace::testing
