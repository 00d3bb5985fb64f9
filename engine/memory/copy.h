// SPDX-License-Identifier: MIT
// The copy engine: the one place where the CPU moves frame bytes unchanged. Every move is booked.
#pragma once

#include "engine/base/export.h"
#include "engine/format/pixel_format.h"
#include "engine/memory/frame_view.h"
#include "engine/observe/ledger.h"

namespace millrace {

/// Copies the visible rows of every plane and books their bytes. Both sides have the same format
/// and visible size.
MILLRACE_API void copy_planes(PixelFormat format, const ReadPlanes& from, const WritePlanes& to,
                              observe::Ledger::Account& account);

/// Copies a frame from one buffer into another, with its times, flags and crop.
[[nodiscard]] MILLRACE_API Result<> copy_frame(const Buffer& from, Buffer& to,
                                               observe::Ledger::Account& account);

}  // namespace millrace
