// SPDX-License-Identifier: MIT
// The short form of a source: "auto", "test:bars;stride=322", "file:clip.mkv", "monitor:HDMI-1".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace millrace::app {

struct SourceSpec {
  struct Setting {
    std::string key;  ///< of the table `source`: "kind", "id", "stride"
    std::string value;
  };

  std::vector<Setting> settings;
};

/// "x11", "monitor", "region" or "window": some part of an X11 desktop.
[[nodiscard]] bool is_desktop_kind(std::string_view kind);

/// Takes the short form apart into keys of the full form. Errors: `usage` for an unknown kind or
/// parameter, with the nearest one. A file's path may hold semicolons: files have no parameters.
[[nodiscard]] Result<SourceSpec> parse_source_spec(std::string_view text);

}  // namespace millrace::app
