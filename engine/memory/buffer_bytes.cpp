// SPDX-License-Identifier: MIT
#include "engine/memory/buffer_bytes.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/memory/copy.h"
#include "engine/memory/pieces.h"

namespace millrace {
namespace {

/// Bytes from `offset` on, at most `wanted`.
Pieces pieces_from(const Buffer& buffer, size_t offset, size_t wanted) {
  const size_t rest = offset < buffer.size() ? buffer.size() - offset : 0;
  return {buffer, rest == 0 ? 0 : offset, std::min(rest, wanted)};
}

/// Calls `change(bytes, done)` for each run of bytes that is to be written, once all may be.
template <class Change>
Result<size_t> write_pieces(Buffer& into, size_t offset, size_t size, Change change) {
  if (!into.is_writable()) {
    return fail(ErrorKind::denied, "write to a buffer: somebody else holds it too",
                "Call make_writable() first.");
  }
  MILLRACE_TRY(into.wait_until_ready(Access::within(device_patience)));
  std::vector<WriteView> views;
  for (const Piece& piece : pieces_from(into, offset, size)) {
    views.push_back(
        MILLRACE_TRY(WriteView::open(into.memory(piece.index), piece.from, piece.size)));
  }
  size_t done = 0;
  for (const WriteView& view : views) {
    change(view.bytes(), done);
    done += view.size();
  }
  return done;
}

}  // namespace

Result<size_t> extract_bytes(const Buffer& from, size_t offset, std::span<std::byte> into,
                             observe::Ledger::Account& account) {
  MILLRACE_TRY(from.wait_until_ready(Access::within(device_patience)));
  size_t done = 0;
  for (const Piece& piece : pieces_from(from, offset, into.size())) {
    const ReadView view = MILLRACE_TRY(piece.read());
    copy_bytes(view.bytes(), into.subspan(done), account);
    done += piece.size;
  }
  return done;
}

Result<size_t> fill_bytes(Buffer& into, size_t offset, std::span<const std::byte> from,
                          observe::Ledger::Account& account) {
  return write_pieces(into, offset, from.size(), [&](std::span<std::byte> bytes, size_t done) {
    copy_bytes(from.subspan(done, bytes.size()), bytes, account);
  });
}

Result<size_t> set_bytes(Buffer& into, size_t offset, size_t size, std::byte value) {
  return write_pieces(into, offset, size,
                      [&](std::span<std::byte> bytes, size_t) { std::ranges::fill(bytes, value); });
}

Result<std::optional<int>> compare_bytes(const Buffer& buffer, size_t offset,
                                         std::span<const std::byte> with) {
  if (offset > buffer.size() || with.size() > buffer.size() - offset) {
    return std::optional<int>();
  }
  MILLRACE_TRY(buffer.wait_until_ready(Access::within(device_patience)));
  size_t done = 0;
  for (const Piece& piece : pieces_from(buffer, offset, with.size())) {
    const ReadView view = MILLRACE_TRY(piece.read());
    const int order = std::memcmp(view.bytes().data(), with.data() + done, piece.size);
    if (order != 0) return std::optional<int>(order);
    done += piece.size;
  }
  return std::optional<int>(0);
}

}  // namespace millrace
