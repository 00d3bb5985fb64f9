// SPDX-License-Identifier: MIT
#include "hw/avformat/container.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <sys/stat.h>

#include <fmt/format.h>

namespace millrace::avformat {
namespace {

constexpr std::array<std::string_view, 5> names = {"auto", "mkv", "mp4", "fmp4", "h264"};

struct Extension {
  std::string_view text;
  Container container;
};

constexpr Extension extensions[] = {
    {"mkv", Container::mkv},   {"mp4", Container::fmp4}, {"m4v", Container::fmp4},
    {"h264", Container::h264}, {"264", Container::h264},
};

std::string extension_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return {};
  std::string text(path.substr(dot + 1));
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Whether what is written there is read at once, or by nobody: nothing of it can be seen again.
bool is_stream(const std::string& path) {
  struct stat there {};

  if (path == stdout_path) return true;
  return ::stat(path.c_str(), &there) == 0 && (S_ISFIFO(there.st_mode) || S_ISCHR(there.st_mode));
}

}  // namespace

std::string_view to_string(Container container) {
  return names[static_cast<size_t>(container)];
}

std::optional<Container> container_named(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Container>(found - names.begin());
}

Result<Container> resolve_container(Container asked, std::string_view path) {
  if (asked != Container::automatic) return asked;
  const std::string extension = extension_of(path);
  for (const Extension& known : extensions) {
    if (known.text == extension) return known.container;
  }
  if (is_stream(std::string(path))) return Container::mkv;
  return fail(
      ErrorKind::usage,
      fmt::format("choose a container for {}: the extension '{}' says none", path, extension),
      "End the name in .mkv, .mp4 or .h264, or pass --container.");
}

}  // namespace millrace::avformat
