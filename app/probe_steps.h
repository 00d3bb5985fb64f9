// SPDX-License-Identifier: MIT
// The steps of a recording, each tried on its own: what `probe` prints.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace millrace::app {

enum class StepVerdict : uint8_t {
  pass,
  missing,  ///< not there, and not needed: something slower serves
  fail,     ///< recording cannot work without it
};

struct Step {
  std::string name;  ///< "render node /dev/dri/renderD128"
  StepVerdict verdict = StepVerdict::pass;
  std::string detail;  ///< what was seen
  std::string remedy;  ///< what would help; empty where nothing is wrong
};

[[nodiscard]] std::string_view to_string(StepVerdict verdict);

/// Memory, media libraries, then every device (or the one that `device` names unless it is "auto")
/// up to the way into its encoder: which rung of the memory ladder it reaches, and why no better
/// one. The last step says whether anything here encodes.
[[nodiscard]] std::vector<Step> probe_steps(const std::string& device);

}  // namespace millrace::app
