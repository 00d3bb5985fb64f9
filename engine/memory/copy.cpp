// SPDX-License-Identifier: MIT
#include "engine/memory/copy.h"

#include <cstring>

#include <fmt/format.h>

#include "engine/observe/stage_scope.h"

namespace millrace {
namespace {

void book(uint64_t bytes, observe::Ledger::Account& account) {
  account.book(bytes);
  observe::StageScope::record(observe::RecordType::copy, 0, bytes);
}

Result<> check_alike(const VideoMeta& from, const VideoMeta& to) {
  if (from.layout.format == to.layout.format && from.width == to.width &&
      from.height == to.height) {
    return {};
  }
  return fail(
      ErrorKind::internal,
      fmt::format("copy a frame of {}x{} {} into one of {}x{} {}", from.width, from.height,
                  to_string(from.layout.format), to.width, to.height, to_string(to.layout.format)),
      "Convert it with a stage instead.");
}

Result<> copy_metas(const Buffer& from, Buffer& to) {
  MetaStore& metas = *MILLRACE_TRY(to.edit_metas());
  metas.remove_if([](const MetaView& meta) { return meta.as<VideoMeta>() == nullptr; });
  // The rows may lie otherwise, as after a merge: what says how they lie is not for `to`.
  from.metas().copy_to(metas, {.deep = true, .merge = true}, to);
  return {};
}

}  // namespace

void copy_bytes(std::span<const std::byte> from, std::span<std::byte> to,
                observe::Ledger::Account& account) {
  MILLRACE_CHECK(from.size() <= to.size());
  if (from.empty()) return;
  std::memcpy(to.data(), from.data(), from.size());
  book(from.size(), account);
}

Result<Ref<Memory>> copy_block(const Memory& memory, size_t from, size_t size, Allocator& allocator,
                               observe::Ledger::Account& account) {
  const ReadView source = MILLRACE_TRY(ReadView::open(memory, from, size));
  Ref<Memory> copy = MILLRACE_TRY(allocator.allocate(size, {.align = memory.align()}));
  const WriteView target = MILLRACE_TRY(copy->write());
  copy_bytes(source.bytes(), target.bytes(), account);
  return copy;
}

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
  book(bytes, account);
}

Result<> copy_frame(const Buffer& from, Buffer& to, observe::Ledger::Account& account) {
  const FrameReadView source =
      MILLRACE_TRY(FrameReadView::create(from, Access::within(device_patience)));
  const FrameWriteView target = MILLRACE_TRY(FrameWriteView::create(to));
  MILLRACE_TRY(check_alike(*from.video(), *to.video()));
  copy_planes(from.video()->layout.format, source.planes(), target.planes(), account);
  to.timing = from.timing;
  to.flags = from.flags;
  MILLRACE_TRY(copy_metas(from, to));
  return {};
}

}  // namespace millrace
