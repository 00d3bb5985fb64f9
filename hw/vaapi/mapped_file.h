// SPDX-License-Identifier: MIT
// Which file is mapped at an address, as the kernel tells it in /proc/self/maps.
// https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::vaapi {

/// Errors: `unavailable` where no file lies behind the address: that is a copy in host memory.
[[nodiscard]] MILLRACE_API Result<FileIdentity> file_mapped_at(const void* address);

/// The file of one line of /proc/self/maps if the line covers `address`; inode 0: no file. Pure.
[[nodiscard]] MILLRACE_API std::optional<FileIdentity> file_in_line(std::string_view line,
                                                                    uintptr_t address);

}  // namespace millrace::vaapi
