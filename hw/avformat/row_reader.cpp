// SPDX-License-Identifier: MIT
#include "hw/avformat/row_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sys/uio.h>

#include <fmt/format.h>

namespace millrace::avformat {
namespace {

constexpr size_t rows_per_call = 256;  // the kernel takes up to IOV_MAX = 1024

/// Rows without padding between them are one long row.
PlaneSpan<std::byte> joined(const PlaneSpan<std::byte>& plane) {
  if (plane.stride != plane.row_bytes) return plane;
  const size_t bytes = plane.rows * plane.row_bytes;
  return {plane.data, bytes, bytes, 1};
}

/// The rows of `plane` from byte `done` of its packed form on, as the next call's targets.
size_t targets(const PlaneSpan<std::byte>& plane, uint64_t done,
               std::array<iovec, rows_per_call>& out) {
  size_t row = done / plane.row_bytes;
  size_t skip = done % plane.row_bytes;
  size_t count = 0;
  for (; row < plane.rows && count < out.size(); ++row, ++count) {
    const std::span<std::byte> bytes = plane.row(row).subspan(skip);
    out[count] = {bytes.data(), bytes.size()};
    skip = 0;
  }
  return count;
}

}  // namespace

Result<uint64_t> read_rows(const FilePlace& place, const PlaneSpan<std::byte>& target) {
  const PlaneSpan<std::byte> plane = joined(target);
  const uint64_t wanted = plane.rows * plane.row_bytes;
  std::array<iovec, rows_per_call> rows;
  uint64_t done = 0;
  while (done < wanted) {
    const size_t count = targets(plane, done, rows);
    const ssize_t got = ::preadv(place.fd, rows.data(), static_cast<int>(count),
                                 static_cast<off_t>(place.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return fail(ErrorKind::source_lost,
                  fmt::format("read {}: {}", place.path, std::strerror(errno)),
                  "Check the disk; what was recorded is kept.", errno);
    }
    if (got == 0) break;
    done += static_cast<uint64_t>(got);
  }
  return done;
}

}  // namespace millrace::avformat
