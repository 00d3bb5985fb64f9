// SPDX-License-Identifier: MIT
// The source of a recording, opened as its settings say.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/colour_choice.h"
#include "app/pipeline_config.h"
#include "engine/base/result.h"
#include "engine/graph/stage.h"

namespace millrace::app {

struct OpenSource {
  std::unique_ptr<Stage> stage;
  VideoFormat video;
  VideoFormat encoded;               ///< its size is that of the recording; odd sides are padded
  bool changes_size = false;         ///< its frames may become larger or smaller while it runs
  std::vector<std::string> remarks;  ///< what the user should know before it runs
  std::function<std::vector<std::string>()> notices;  ///< good while the stage lives; may be empty
  std::string detail;                                 ///< "screen 1920x1080 of :0"; may be empty
};

/// Errors: of the source; nothing else is opened.
[[nodiscard]] Result<OpenSource> open_source(const PipelineConfig& config);

[[nodiscard]] ColourWish wish_of(const EncodeSettings& encode);

}  // namespace millrace::app
