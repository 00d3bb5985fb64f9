// SPDX-License-Identifier: MIT
#include "app/setting_reader.h"

#include <filesystem>

#include <fmt/format.h>

#include "app/units.h"

namespace millrace::app {

std::string SettingReader::text(std::string_view path) const {
  const Value* found = value(path);
  return found ? found->text : std::string();
}

std::string SettingReader::file(std::string_view path) const {
  const Value* found = value(path);
  if (!found) return {};
  const std::filesystem::path given(found->text);
  return found->folder.empty() ? found->text : (found->folder / given).string();
}

std::string SettingReader::file_pattern(std::string_view path) const {
  const Value* found = value(path);
  if (!found || found->folder.empty()) return text(path);
  std::string folder;
  for (const char letter : found->folder) folder += letter == '%' ? "%%" : std::string(1, letter);
  return (std::filesystem::path(folder) / found->text).string();
}

Result<std::optional<uint64_t>> SettingReader::count(std::string_view path) const {
  const Value* found = value(path);
  if (!found) return std::optional<uint64_t>();
  return std::optional(MILLRACE_TRY(parse_count(found->text, 0, UINT64_MAX)));
}

Result<std::optional<uint32_t>> SettingReader::bitrate(std::string_view path) const {
  const Value* found = value(path);
  if (!found) return std::optional<uint32_t>();
  return std::optional(MILLRACE_TRY(parse_bitrate(found->text)));
}

bool SettingReader::is_set_by_user(std::string_view path) const {
  const Value* found = value(path);
  return found && found->origin != "built-in";
}

std::string SettingReader::as_given(std::string_view path) const {
  const Value* found = value(path);
  const bool from_option = found->origin.starts_with("--") && found->origin != "--set";
  if (from_option) return fmt::format("{} {}", found->origin, found->text);
  return fmt::format("{} ({} = {})", found->origin, path, found->text);
}

}  // namespace millrace::app
