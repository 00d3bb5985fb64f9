// SPDX-License-Identifier: MIT
// Bytes in and out of a Buffer, wherever its memories hold them. Nothing of the buffer but the
// bytes changes, and only by `fill_bytes` and `set_bytes`.
//
// Positions are those of the window. What reaches beyond its end is cut short; the result says how
// many bytes were done. All wait for the acquire fences. Errors: those of Buffer::read and write;
// then nothing was written to the buffer.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/base/export.h"
#include "engine/memory/buffer.h"
#include "engine/observe/ledger.h"

namespace millrace {

/// Copies bytes from `offset` on out of the buffer.
[[nodiscard]] MILLRACE_API Result<size_t> extract_bytes(const Buffer& from, size_t offset,
                                                        std::span<std::byte> into,
                                                        observe::Ledger::Account& account);

/// Copies bytes into the buffer, from `offset` on.
[[nodiscard]] MILLRACE_API Result<size_t> fill_bytes(Buffer& into, size_t offset,
                                                     std::span<const std::byte> from,
                                                     observe::Ledger::Account& account);

/// Gives `size` bytes from `offset` on one value.
[[nodiscard]] MILLRACE_API Result<size_t> set_bytes(Buffer& into, size_t offset, size_t size,
                                                    std::byte value);

/// Less than, equal to or greater than zero, as memcmp; nothing where the buffer has not as many
/// bytes from `offset` on.
[[nodiscard]] MILLRACE_API Result<std::optional<int>> compare_bytes(
    const Buffer& buffer, size_t offset, std::span<const std::byte> with);

}  // namespace millrace
