// SPDX-License-Identifier: MIT
// The copy engine: the one place where the CPU moves frame bytes unchanged. Every move is booked.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/export.h"
#include "engine/format/pixel_format.h"
#include "engine/memory/allocator.h"
#include "engine/memory/frame_view.h"
#include "engine/observe/ledger.h"

namespace millrace {

/// Copies the bytes, of which `to` has as many, and books them.
MILLRACE_API void copy_bytes(std::span<const std::byte> from, std::span<std::byte> to,
                             observe::Ledger::Account& account);

/// A new memory of `allocator` with bytes [from, from + size) of the block, whatever range of it is
/// visible; writable whatever `memory` is, aligned as it is. Errors: those of reading it and of
/// allocating; `internal` for bytes outside.
[[nodiscard]] MILLRACE_API Result<Ref<Memory>> copy_block(const Memory& memory, size_t from,
                                                          size_t size, Allocator& allocator,
                                                          observe::Ledger::Account& account);

/// Copies the visible rows of every plane and books their bytes. Both sides have the same format
/// and visible size.
MILLRACE_API void copy_planes(PixelFormat format, const ReadPlanes& from, const WritePlanes& to,
                              observe::Ledger::Account& account);

/// Copies a frame from one buffer into another, with its times, flags and metas. Of those that `to`
/// has the VideoMeta stays, as its bytes lie as they did, and what is locked; the others were about
/// another frame. Errors: those of mapping both; `internal` for another format or visible size.
[[nodiscard]] MILLRACE_API Result<> copy_frame(const Buffer& from, Buffer& to,
                                               observe::Ledger::Account& account);

}  // namespace millrace
