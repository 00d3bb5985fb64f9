// SPDX-License-Identifier: MIT
#include "hw/vaapi/mapped_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>

#include <errno.h>
#include <sys/sysmacros.h>

#include <fmt/format.h>
#include <limits.h>

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

struct Close {
  void operator()(FILE* file) const { std::fclose(file); }
};

/// Of a line of /proc/self/maps, the part before the path.
constexpr size_t longest_facts = 128;

/// Calls `see(range)` for each mapping, by address, until it returns false.
template <class See>
Result<> for_each_range(See&& see) {
  const std::unique_ptr<FILE, Close> maps(std::fopen("/proc/self/maps", "re"));
  if (!maps) return fail_errno("read /proc/self/maps, which tells what a driver has mapped", errno);
  std::array<char, PATH_MAX + longest_facts> line;
  while (std::fgets(line.data(), line.size(), maps.get())) {
    const auto range = read_mapped_range(line.data());
    if (range && !see(*range)) break;
  }
  return {};
}

/// Offsets are whole pages: shifted left by what an inode number leaves free, they do not meet it.
FileBehind behind(const MappedRange& range) {
  constexpr int inode_bits = 12;
  FileBehind found{range.file, range.of_device};
  if (range.of_device) found.identity.inode ^= range.offset << inode_bits;
  return found;
}

}  // namespace

std::optional<MappedRange> read_mapped_range(std::string_view line) {
  // 7f2c4a000000-7f2c4a0e1000 rw-s 00000000 00:01 2053  /memfd:millrace-va (deleted)
  const auto first = take(line, 16, '-');
  const auto end = first ? take(line, 16, ' ') : std::nullopt;
  const size_t rights = line.find(' ');
  if (!end || rights == std::string_view::npos || rights < 2) return std::nullopt;
  MappedRange range{.first = *first, .end = *end};
  range.readable = line[0] == 'r';
  range.writable = line[1] == 'w';
  line.remove_prefix(rights + 1);
  const auto offset = take(line, 16, ' ');
  const auto major_number = offset ? take(line, 16, ':') : std::nullopt;
  const auto minor_number = major_number ? take(line, 16, ' ') : std::nullopt;
  const auto inode = minor_number ? take(line, 10, ' ') : std::nullopt;
  if (!inode) return std::nullopt;
  const auto device =
      makedev(static_cast<unsigned>(*major_number), static_cast<unsigned>(*minor_number));
  range.file = {static_cast<uint64_t>(device), *inode};
  range.offset = *offset;
  const std::string_view path = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  range.of_device = path.starts_with("/dev/dri/") || path.starts_with("anon_inode:");
  return range;
}

Result<> check_mapped(std::span<const std::byte> bytes, Access access) {
  const auto first = reinterpret_cast<uintptr_t>(bytes.data());
  uintptr_t reached = first;  // all before it may be touched
  MILLRACE_TRY(for_each_range([&](const MappedRange& range) {
    const bool allowed = access == Access::write ? range.writable : range.readable;
    const bool goes_on = allowed && range.first <= reached && reached < range.end;
    if (goes_on) reached = range.end;
    return reached - first < bytes.size();
  }));
  if (reached - first >= bytes.size()) return {};
  return fail(
      ErrorKind::unavailable,
      fmt::format("of {} bytes that the driver says it has mapped, {} can be {}", bytes.size(),
                  reached - first, access == Access::write ? "written" : "read"));
}

Result<FileBehind> file_mapped_at(const void* address) {
  const auto wanted = reinterpret_cast<uintptr_t>(address);
  MappedRange found;
  MILLRACE_TRY(for_each_range([&](const MappedRange& range) {
    const bool is_there = range.first <= wanted && wanted < range.end;
    if (is_there) found = range;
    return !is_there;
  }));
  if (found.file.inode != 0) return behind(found);
  return fail(ErrorKind::unavailable,
              "no file lies behind the mapped surface: what the driver maps is a copy");
}

}  // namespace millrace::vaapi
