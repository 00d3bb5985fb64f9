// SPDX-License-Identifier: MIT
// Configuration files: TOML 1.0 into Values. Every complaint carries file:line:column.
#pragma once

#include <string>
#include <string_view>

#include "app/values.h"
#include "engine/base/result.h"

namespace millrace::app {

/// Lays the settings of a file over `values`. Paths in it are relative to its folder.
/// Errors: `usage` for what is in the file; `unavailable` or `denied` where it cannot be read.
[[nodiscard]] Result<> load_config(const std::string& path, Values& values);

/// The same for a text; `name` stands for the file in errors and origins.
[[nodiscard]] Result<> parse_config(std::string_view text, const std::string& name,
                                    const std::string& folder, Values& values);

}  // namespace millrace::app
