// SPDX-License-Identifier: MIT
// What the engine tells a volume witness, if one is preloaded (tests/proof/witness.cpp).
//
// The witness counts the bytes that library calls (memcpy and its kin) read from frame memory
// outside planned TRANSFORMs: a count that the copy ledger has no hand in. The engine only says
// which addresses are frame memory and when a planned TRANSFORM is at work on this thread; without
// a witness each call is a test of a null pointer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/export.h"

namespace millrace::observe::witness {

[[nodiscard]] MILLRACE_API bool present();
MILLRACE_API void frame_memory_mapped(const void* address, size_t size);
MILLRACE_API void frame_memory_unmapped(const void* address);
MILLRACE_API void enter_transform();
MILLRACE_API void leave_transform();

/// Bytes read from frame memory outside TRANSFORMs so far; 0 without a witness.
[[nodiscard]] MILLRACE_API uint64_t bytes_read();

}  // namespace millrace::observe::witness
