// SPDX-License-Identifier: MIT
// Copies of a Buffer: of the whole or of a part, sharing the bytes or with bytes of their own.
//
// A copy that shares makes both sides read-only as long as both live; one of a pooled buffer also
// keeps that buffer lent (Buffer::origin), so its slot comes home when the last view of it dies.
// Only what is told an account moves bytes, and books them there. A copy that fails leaves its
// target as it was.
#pragma once

#include <cstddef>

#include "engine/base/export.h"
#include "engine/memory/allocator.h"
#include "engine/memory/buffer.h"
#include "engine/observe/ledger.h"

namespace millrace {

/// Where bytes of a copy's own come from, and where their moves are booked.
struct CopyInto {
  Allocator& allocator;
  observe::Ledger::Account& account;
};

struct CopyParams {
  enum class Bytes {
    none,   ///< facts and metas alone
    share,  ///< the same bytes; memories with `no_share` are copied if `into` is given
    deep,   ///< bytes of its own
    merge,  ///< bytes of its own, in one memory; metas about the layout of memory are dropped
  };

  bool flags = true;
  bool timing = true;
  bool metas = true;
  Bytes bytes = Bytes::share;
  size_t offset = 0;               ///< first byte of the window
  size_t size = SIZE_MAX;          ///< bytes from there; SIZE_MAX: all that follow
  const CopyInto* into = nullptr;  ///< needed for `deep` and `merge`
};

/// A copy that shares is ready when `from` is; one that moves bytes waits until they are. Errors:
/// `internal` for a range outside the window; `denied` for bytes that may not be shared; `busy` for
/// bytes that somebody is writing.
[[nodiscard]] MILLRACE_API Result<Ref<Buffer>> copy_buffer(const Buffer& from,
                                                           const CopyParams& params);

/// All of it, sharing the bytes: what most copies are, and the short way.
[[nodiscard]] MILLRACE_API Result<Ref<Buffer>> copy_buffer(const Buffer& from);

/// Puts what `params` names after the bytes of `to`, and over its facts; metas about how bytes lie
/// come along only where `to` had none. Onto itself: nothing.
[[nodiscard]] MILLRACE_API Result<> copy_into(const Buffer& from, Buffer& to,
                                              const CopyParams& params = {});

/// A view of bytes [offset, offset + size) of the window.
[[nodiscard]] MILLRACE_API Result<Ref<Buffer>> view_of(const Buffer& from, size_t offset,
                                                       size_t size);

/// Where somebody else has the buffer too, puts a copy that shares its bytes in its place: its
/// facts and metas may be changed then. For its bytes see unshare. `into` is for memory that may
/// not be shared, which is copied. On failure the reference is as before.
[[nodiscard]] MILLRACE_API Result<> make_writable(Ref<Buffer>& buffer,
                                                  const CopyInto* into = nullptr);

/// Gives the buffer bytes of its own in place of those that may not be written: the copy on write.
/// Errors: `denied` without the sole reference.
[[nodiscard]] MILLRACE_API Result<> unshare(Buffer& buffer, const CopyInto& into);

/// Puts the window's bytes into one memory, where they are not in one piece yet. Metas about the
/// layout of memory are dropped then. Errors: `denied` without the sole reference.
[[nodiscard]] MILLRACE_API Result<> linearize(Buffer& buffer, const CopyInto& into);

}  // namespace millrace
