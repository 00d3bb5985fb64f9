// SPDX-License-Identifier: MIT
#include "app/output_file.h"

#include <array>
#include <cstdio>
#include <string_view>

#include <sys/stat.h>

#include <fmt/format.h>

#include "app/standard_streams.h"

namespace millrace::app {
namespace {

/// Fields of date and time whose text is fit for a file name.
constexpr std::string_view known_fields = "YyCGgmbBhdejaAuwUVWHIMSpFTRsZz%";

Failure refuse_replacing(const std::string& path) {
  return fail(ErrorKind::usage, fmt::format("create {}: the file exists", path),
              "add --overwrite always, or choose another name with -o");
}

/// The source's file, if `there` is the same one under whatever name.
bool is_source(const struct stat& there, const SourceSettings& source) {
  struct stat read_from {};

  if (source.kind != SourceKind::file || ::stat(source.path.c_str(), &read_from) != 0) return false;
  return read_from.st_dev == there.st_dev && read_from.st_ino == there.st_ino;
}

}  // namespace

Result<std::string> expand_path(const std::string& pattern, const std::tm& when) {
  std::string path;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      path += pattern[i];
      continue;
    }
    const char field = ++i < pattern.size() ? pattern[i] : '\0';
    if (field == '\0' || known_fields.find(field) == std::string_view::npos) {
      return fail(ErrorKind::usage,
                  fmt::format("expand the output name {}: %{} is no field of it", pattern,
                              field ? std::string(1, field) : std::string()),
                  "write %Y, %m, %d, %H, %M, %S, or %% for a percent sign");
    }
    std::array<char, 64> text{};
    const std::array<char, 3> format = {'%', field, '\0'};
    path.append(text.data(), std::strftime(text.data(), text.size(), format.data(), &when));
  }
  return path;
}

Result<bool> may_replace(const std::string& path, Overwrite wish, const SourceSettings& source,
                         const Ask& ask) {
  struct stat there {};

  if (::stat(path.c_str(), &there) != 0) return false;
  if (is_source(there, source)) {
    return fail(ErrorKind::usage, fmt::format("create {}: it is the file that is read", path),
                "choose another name with -o");
  }
  if (!S_ISREG(there.st_mode)) return false;  // devices and pipes are written, not replaced
  if (wish == Overwrite::always) return true;
  if (wish == Overwrite::never) return refuse_replacing(path);
  if (!ask) {
    return fail(ErrorKind::usage,
                fmt::format("create {}: the file exists, and there is no terminal to ask on", path),
                "choose --overwrite always or never");
  }
  if (ask(fmt::format("{} exists. Replace it? [y/N] ", path))) return true;
  return refuse_replacing(path);
}

bool ask_on_terminal(const std::string& question) {
  put_message(question);
  const int answer = std::getchar();
  for (int rest = answer; rest != '\n' && rest != EOF;) rest = std::getchar();
  return answer == 'y' || answer == 'Y';
}

}  // namespace millrace::app
