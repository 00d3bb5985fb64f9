// SPDX-License-Identifier: MIT
#include "engine/memory/copy.h"

#include <cstring>

#include "engine/observe/stage_scope.h"

namespace millrace {

void copy_planes(PixelFormat format, const ReadPlanes& from, const WritePlanes& to,
                 observe::Ledger::Account& account) {
  uint64_t bytes = 0;
  for (size_t index = 0; index < facts(format).plane_count; ++index) {
    const PlaneSpan<const std::byte>& source = from[index];
    MILLRACE_DCHECK(source.row_bytes == to[index].row_bytes && source.rows == to[index].rows);
    for (size_t row = 0; row < source.rows; ++row) {
      std::memcpy(to[index].row(row).data(), source.row(row).data(), source.row_bytes);
    }
    bytes += source.row_bytes * source.rows;
  }
  account.book(bytes);
  observe::StageScope::record(observe::RecordType::copy, 0, bytes);
}

Result<> copy_frame(const Buffer& from, Buffer& to, observe::Ledger::Account& account) {
  const FrameReadView source = MILLRACE_TRY(FrameReadView::create(from));
  const FrameWriteView target = MILLRACE_TRY(FrameWriteView::create(to));
  copy_planes(from.video->layout.format, source.planes(), target.planes(), account);
  to.timing = from.timing;
  to.flags = from.flags;
  to.crop = from.crop;
  return {};
}

}  // namespace millrace
