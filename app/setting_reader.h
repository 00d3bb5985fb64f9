// SPDX-License-Identifier: MIT
// SettingReader: the values of keys as types, and errors that name a setting as the user gave it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/values.h"
#include "engine/base/result.h"

namespace millrace::app {

/// Reads keys that were checked when they were set: a value that is there parses. Borrows them.
class SettingReader {
 public:
  explicit SettingReader(const Values& values) : values_(values) {}

  [[nodiscard]] const Value* value(std::string_view path) const { return values_.find(path); }

  /// Empty where the key is not set.
  [[nodiscard]] std::string text(std::string_view path) const;

  /// The path, from the folder of the configuration file that it stands in.
  [[nodiscard]] std::string file(std::string_view path) const;

  /// The same for a path with strftime fields: a percent sign of the folder is none of them.
  [[nodiscard]] std::string file_pattern(std::string_view path) const;

  [[nodiscard]] Result<std::optional<uint64_t>> count(std::string_view path) const;
  [[nodiscard]] Result<std::optional<uint32_t>> bitrate(std::string_view path) const;

  [[nodiscard]] bool is_set_by_user(std::string_view path) const;

  /// "--size 1x1" or "x.toml:3:8 (source.size = 1x1)"; only of a key that is set.
  [[nodiscard]] std::string as_given(std::string_view path) const;

 private:
  const Values& values_;
};

}  // namespace millrace::app
