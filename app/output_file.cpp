// SPDX-License-Identifier: MIT
#include "app/output_file.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/standard_streams.h"
#include "app/units.h"
#include "hw/avformat/disk_space.h"

namespace millrace::app {
namespace {

/// Fields of date and time whose text is fit for a file name.
constexpr std::string_view known_fields = "YyCGgmbBhdejaAuwUVWHIMSpFTRsZz%";

Failure refuse_replacing(const std::string& path) {
  return fail(ErrorKind::usage, fmt::format("create {}: the file exists", path),
              "add --overwrite always, or choose another name with -o");
}

Failure refuse_terminal() {
  return fail(ErrorKind::usage, "write the recording to stdout: it is a terminal",
              "pipe it into a program, send it into a file by >, or name a file with -o");
}

std::string folder_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path full = std::filesystem::absolute(path, error);
  return error ? "." : full.lexically_normal().parent_path().string();
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

  if (is_stdout(path)) {
    if (isatty(STDOUT_FILENO) != 0) return refuse_terminal();
    return false;
  }
  if (::stat(path.c_str(), &there) != 0) {
    if (::lstat(path.c_str(), &there) != 0) return false;
    return fail(ErrorKind::usage,
                fmt::format("create {}: it is a symbolic link that leads to nothing", path),
                "remove the link, or choose another name with -o");
  }
  MILLRACE_TRY(check_kind(path, there.st_mode));
  if (is_source(there, source)) {
    return fail(ErrorKind::usage, fmt::format("create {}: it is the file that is read", path),
                "choose another name with -o");
  }
  if (leads_to(path, STDERR_FILENO)) {
    return fail(ErrorKind::usage, fmt::format("write {}: stderr goes there", path),
                "send stderr elsewhere, or name another file with -o");
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
  return fail(ErrorKind::cancelled, fmt::format("create {}: the file exists and is to stay", path),
              "choose another name with -o");
}

std::string unused_name(const std::string& path) {
  std::filesystem::path name(path);
  const std::string stem = name.stem().string();
  std::error_code ignored;
  for (int number = 2; std::filesystem::exists(name, ignored) && number < 1000; ++number) {
    name.replace_filename(fmt::format("{}-{}{}", stem, number, name.extension().string()));
  }
  return name.string();
}

Result<> check_file_limit(uint64_t frame_bytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur >= frame_bytes) return {};
  return fail(ErrorKind::output_failed,
              fmt::format("make frames of {}: no file may be larger than {} here (ulimit -f), and "
                          "they lie in memory files",
                          bytes_text(frame_bytes), bytes_text(limit.rlim_cur)),
              "raise the limit, ulimit -f unlimited, or record a smaller picture");
}

Result<> check_kind(const std::string& path, mode_t mode) {
  if (S_ISDIR(mode)) {
    return fail(ErrorKind::output_failed, fmt::format("create {}: it is a folder", path),
                "name a file in it with -o");
  }
  if (S_ISSOCK(mode)) {
    return fail(ErrorKind::output_failed, fmt::format("write {}: it is a socket", path),
                "name a file or a pipe with -o");
  }
  if (S_ISBLK(mode)) {
    return fail(ErrorKind::usage, fmt::format("write {}: it is a disk", path),
                "name a file on a file system with -o");
  }
  return {};
}

std::optional<uint64_t> room_for(const std::string& path) {
  struct stat there {};

  if (is_stdout(path)) return std::nullopt;
  const bool exists = ::stat(path.c_str(), &there) == 0;
  if (exists && !S_ISREG(there.st_mode)) return std::nullopt;
  return avformat::free_bytes(exists ? path : folder_of(path));
}

Result<> check_room(const std::string& path, uint64_t min_free) {
  struct stat there {};

  const std::optional<uint64_t> room = room_for(path);
  if (!room) return {};
  // st_blocks counts in 512 bytes, whatever the file system's own blocks.
  const uint64_t old = ::stat(path.c_str(), &there) == 0 ? 512ULL * there.st_blocks : 0;
  if (*room >= min_free || min_free - *room <= old) return {};
  return fail(ErrorKind::output_failed,
              fmt::format("create {}: {} are free in {}, and {} are to stay free", path,
                          bytes_text(*room), folder_of(path), bytes_text(min_free)),
              "make room, choose another disk with -o, or lower --min-free");
}

bool ask_on_terminal(const std::string& question) {
  put_message(question);
  const int answer = std::getchar();
  for (int rest = answer; rest != '\n' && rest != EOF;) rest = std::getchar();
  return answer == 'y' || answer == 'Y';
}

}  // namespace millrace::app
