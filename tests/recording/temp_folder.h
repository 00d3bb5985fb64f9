// SPDX-License-Identifier: MIT
// TempFolder: a fresh empty folder for one test, gone with everything in it at the test's end.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace millrace::recording {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// The path of `name` in it.
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

  /// Writes a file and gives its path.
  std::string write(const std::string& name, const std::string& content) const;

  /// Names of what lies in it, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string read_bytes(const std::string& path);

}  // namespace millrace::recording
