// SPDX-License-Identifier: MIT
#include "hw/vaapi/mapped_file.h"

#include <charconv>
#include <fstream>
#include <string>

#include <sys/sysmacros.h>

namespace millrace::vaapi {
namespace {

/// Takes a number and the one character behind it off the front.
std::optional<uint64_t> take(std::string_view& line, int base, char behind) {
  uint64_t number = 0;
  const char* const last = line.data() + line.size();
  const auto [end, error] = std::from_chars(line.data(), last, number, base);
  if (error != std::errc{} || end == last || *end != behind) return std::nullopt;
  line.remove_prefix(static_cast<size_t>(end - line.data()) + 1);
  return number;
}

}  // namespace

std::optional<FileIdentity> file_in_line(std::string_view line, uintptr_t address) {
  // 7f2c4a000000-7f2c4a0e1000 rw-s 00000000 00:01 2053  /memfd:millrace-va (deleted)
  const auto first = take(line, 16, '-');
  const auto last = first ? take(line, 16, ' ') : std::nullopt;
  if (!last || address < *first || address >= *last) return std::nullopt;
  const size_t rights = line.find(' ');
  if (rights == std::string_view::npos) return std::nullopt;
  line.remove_prefix(rights + 1);
  const auto offset = take(line, 16, ' ');
  const auto major_number = offset ? take(line, 16, ':') : std::nullopt;
  const auto minor_number = major_number ? take(line, 16, ' ') : std::nullopt;
  const auto inode = minor_number ? take(line, 10, ' ') : std::nullopt;
  if (!inode) return std::nullopt;
  const auto device =
      makedev(static_cast<unsigned>(*major_number), static_cast<unsigned>(*minor_number));
  return FileIdentity{static_cast<uint64_t>(device), *inode};
}

Result<FileIdentity> file_mapped_at(const void* address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto file = file_in_line(line + ' ', reinterpret_cast<uintptr_t>(address));
    if (!file) continue;
    if (file->inode != 0) return *file;
    break;
  }
  return fail(ErrorKind::unavailable,
              "no file lies behind the mapped surface: what the driver maps is a copy");
}

}  // namespace millrace::vaapi
