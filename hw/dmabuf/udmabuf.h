// SPDX-License-Identifier: MIT
// /dev/udmabuf: makes a dma-buf of the pages of a memfd, so that devices can import what the CPU
// wrote. https://github.com/torvalds/linux/blob/master/drivers/dma-buf/udmabuf.c
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <linux/udmabuf.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::dmabuf {

/// Errors: `unavailable` without the device, `denied` without the right to open it.
[[nodiscard]] MILLRACE_API Result<UniqueFd> open_udmabuf();

/// Pages [0, size) of `memfd` as a dma-buf that an exec does not inherit. Pure.
[[nodiscard]] MILLRACE_API udmabuf_create describe_udmabuf(int memfd, uint64_t size);

/// The dma-buf; it keeps the pages, so the memfd may be closed afterwards. `size` is a multiple of
/// the page size, and the memfd is sealed against shrinking and not against writing.
[[nodiscard]] MILLRACE_API Result<UniqueFd> wrap_memfd(int device, int memfd, uint64_t size);

/// Bytes that one dma-buf may have here: what the module's parameter says, 64 MiB without it.
[[nodiscard]] MILLRACE_API uint64_t udmabuf_size_limit();

/// The text of the module's parameter in bytes; nothing for what is not a number of MiB. Pure.
[[nodiscard]] MILLRACE_API std::optional<uint64_t> parse_size_limit(std::string_view text);

}  // namespace millrace::dmabuf
