// SPDX-License-Identifier: MIT
// BufferCopier: what copies know of the inside of a Buffer.
#pragma once

#include <cstddef>

#include "engine/memory/buffer_copy.h"

namespace millrace {

struct CopyRange {
  size_t offset = 0;
  size_t size = 0;
  bool whole = false;
};

[[nodiscard]] Result<CopyRange> copy_range(const Buffer& from, const CopyParams& params);

/// One copy of `range` of `from` to `to`.
struct BufferCopier {
  const Buffer& from;
  Buffer& to;
  const CopyParams& params;
  CopyRange range;
  bool behind_others = false;  ///< `to` had bytes before it got these

  /// A copy that shows the same with all that is said of it. One memory is what most have, and has
  /// a short way here.
  [[nodiscard]] static Result<Ref<Buffer>> share_all(const Buffer& from);

  /// The bytes for a buffer that has none yet, and what keeps them lent and not ready.
  [[nodiscard]] Result<> add_bytes();

  /// Takes over all that `bytes`, a copy of `from` which nobody else has, got from add_bytes.
  void take_bytes(Buffer& bytes);

  /// Flags, times and metas.
  void add_facts();

  /// Lets a new buffer take the short ways from now on, where it is one of those that may.
  void settle();

  /// Copies in place of what may not be written.
  [[nodiscard]] static Result<> unshare(Buffer& buffer, const CopyInto& into);

  /// One memory in place of several. On failure the buffer is as before.
  [[nodiscard]] static Result<> linearize(Buffer& buffer, const CopyInto& into);

 private:
  [[nodiscard]] bool takes_slices() const;
  [[nodiscard]] Result<> add_runs();
  [[nodiscard]] Result<> add_slices();
  [[nodiscard]] Result<> add_merged();
  [[nodiscard]] Result<> add_shared(const MemorySlice& slice);
  [[nodiscard]] Result<> add_copied(const MemorySlice& slice);
  [[nodiscard]] Result<> add_fences();
  void keep_lent(const Buffer& buffer);
  void keep_parents();
  [[nodiscard]] CopyTransform transform() const;
};

}  // namespace millrace
