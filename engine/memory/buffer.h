// SPDX-License-Identifier: MIT
// Buffer: one frame or packet in flight: memories, times, flags, metas and fences.
//
// Counted by Ref; the last reference returns a pooled buffer to its pool. Writable only while the
// writer holds the sole reference. Confined to one thread at a time, handed over by queues; several
// threads may read at once, each with a reference of its own: one that borrows another's is taken
// for the same thread, and the count of views would go wrong.
//
// The bytes are those of its memories, one after the other. A window says which of them are seen:
//
//   |<-------------------- maxsize -------------------->|
//   |  slack  [ memory 0 ][  memory 1  ][ memory 2 ]  slack
//   |<- offset ->|<----- size ----->|
//
// Moving the window changes no memory and can be undone. Reading never changes a buffer, and no
// bytes move unless `linearize` or `unshare` (buffer_copy.h) says so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/base/export.h"
#include "engine/base/recycler.h"
#include "engine/base/ref.h"
#include "engine/memory/buffer_facts.h"
#include "engine/memory/checked_video_meta.h"
#include "engine/memory/fence.h"
#include "engine/memory/memory.h"
#include "engine/memory/memory_list.h"
#include "engine/memory/meta_store.h"

namespace millrace {

class BufferPool;
class PoolShelf;

class MILLRACE_API Buffer final : public RefCounted, public Recycled {
 public:
  /// Without any bytes.
  [[nodiscard]] static Ref<Buffer> create() { return Ref<Buffer>::adopt(new Buffer); }

  /// Around one memory, of which it shows the visible bytes. Errors: as `append`.
  [[nodiscard]] static Result<Ref<Buffer>> create(const Ref<Memory>& memory);

  /// Instead of the base's: what ends a Buffer is known without asking its type.
  void unref() const noexcept;

  // --- memories: changing them needs the sole reference -----------------------------------------
  [[nodiscard]] size_t memory_count() const;
  /// The first memory, or number `index`, which exists.
  [[nodiscard]] Memory& memory(size_t index = 0) const;

  /// Errors: `denied` without the sole reference; `busy` for a memory that another buffer has and
  /// somebody writes. `index` is at most memory_count(). What the window hid in between
  /// is gone for good. Metas about memories go where a picture's planes are no longer as they say.
  [[nodiscard]] Result<> append(const Ref<Memory>& memory);
  [[nodiscard]] Result<> insert(size_t index, const Ref<Memory>& memory);
  [[nodiscard]] Result<> remove(size_t first, size_t count);
  [[nodiscard]] Result<> replace(size_t first, size_t count, const Ref<Memory>& memory);

  /// True once memories were added, removed or replaced; a pool then takes no such buffer back.
  [[nodiscard]] bool memories_changed() const { return metas_.says(meta_bits::memories_changed); }

  /// True when the holder may change facts and metas: nobody else has this buffer.
  [[nodiscard]] bool is_writable() const;
  /// True when the bytes of memory `index` may be written too: no other buffer shows them.
  [[nodiscard]] bool is_writable(size_t index) const;

  // --- the window -------------------------------------------------------------------------------
  [[nodiscard]] size_t size() const;
  [[nodiscard]] size_t offset() const;
  [[nodiscard]] size_t maxsize() const;

  /// Moves the start by `delta` (also backwards) and shows `size` bytes from there. Errors:
  /// `denied` without the sole reference; outside of maxsize. The window is then as before.
  [[nodiscard]] Result<> resize(ptrdiff_t delta, size_t size);

  // --- bytes ------------------------------------------------------------------------------------
  /// The window's bytes in one piece, once the acquire fences are signalled. Errors: those of
  /// Memory::read and write, and of wait_until_ready; `unavailable` where they lie in several
  /// pieces (see pieces.h and linearize); `denied` for writing without the sole reference.
  [[nodiscard]] Result<ReadView> read(const Access& how = at_once) const;
  [[nodiscard]] Result<WriteView> write(const Access& how = at_once);
  /// Bytes [from, from + size) of the window.
  [[nodiscard]] Result<ReadView> read(size_t from, size_t size, const Access& how = at_once) const;
  [[nodiscard]] Result<WriteView> write(size_t from, size_t size, const Access& how = at_once);

  /// Until the acquire fences are signalled. Errors: `busy` without a deadline, else `timeout`.
  [[nodiscard]] Result<> wait_until_ready(const Access& how) const;

  /// What of each memory this buffer shows, before its window is applied.
  [[nodiscard]] const MemoryList& memories() const { return memories_; }

  // --- facts, metas, fences ---------------------------------------------------------------------
  BufferTiming timing;
  BufferFlags flags;

  /// The first meta of a type, or null: buffer->find<CropMeta>().
  template <class M>
  [[nodiscard]] const M* find() const;
  [[nodiscard]] const VideoMeta* video() const;
  [[nodiscard]] const CropMeta* crop() const;

  /// One more meta. Errors: `denied` without the sole reference; what the meta's own check says.
  template <class M>
  Result<Attached<M>*> add(const M& meta);
  template <class M>
  Result<Attached<M>*> add(const M& meta, MetaFlags flags);
  /// The same of a type that only the running program knows: moves `*meta` in, which is of it.
  Result<> add(const MetaType& type, void* meta);

  /// Instead of the first one of its type, or one more.
  template <class M>
  Result<Attached<M>*> set(M meta);

  /// One that was looked through before: all that is left to ask is whether the memory is large
  /// enough. Errors: as add.
  Result<const VideoMeta*> add(const CheckedVideoMeta& checked);
  /// Takes the first one away, if there is one. Errors: as add; `denied` for a locked one.
  template <class M>
  Result<> remove();

  [[nodiscard]] const MetaStore& metas() const;
  /// Errors: `denied` without the sole reference.
  [[nodiscard]] Result<MetaStore*> edit_metas();

  /// When the bytes are ready for a reader, and when the last device has done with them. With the
  /// sole reference only: one of several readers adds the fences of its device to a view of its
  /// own.
  [[nodiscard]] FenceList& acquire_fences();
  [[nodiscard]] FenceList& release_fences();
  [[nodiscard]] bool has_fences() const;

  /// One memory, the same since the buffer was made, and no fences: all is known about its bytes.
  [[nodiscard]] bool is_plain() const { return !metas_.says(meta_bits::not_plain); }

  /// Of a plain one the VideoMeta that stays until the process ends; null where it has no such one.
  [[nodiscard]] const VideoMeta* kept_video_of_plain() const {
    return metas_.kept_video_unless(meta_bits::not_plain);
  }

  // --- where it is from -------------------------------------------------------------------------
  /// Its number within the pool that lent it; 0 and null without a pool.
  [[nodiscard]] uint32_t slot() const;
  [[nodiscard]] BufferPool* pool() const;
  /// The pooled buffer whose bytes this one shows too: it stays lent for as long.
  [[nodiscard]] const Buffer* origin() const;

 private:
  friend class BufferPool;
  friend class PoolShelf;
  friend struct BufferCopier;

  Buffer() { set_plain(false); }

  /// Another that shows what `like`, which is plain, shows, with its times and flags.
  struct Like;
  explicit Buffer(const Like& like);
  /// With a first memory, counted by MemoryList::count_first.
  explicit Buffer(const MemorySlice& counted);
  ~Buffer() override;
  void on_last_ref() noexcept override;
  void end() noexcept;
  [[nodiscard]] bool ends_later() noexcept;
  BufferFences& fences();
  [[nodiscard]] Result<> check_sole(const char* act) const;
  [[nodiscard]] static Result<Ref<Buffer>> refuse_memory();
  template <class T>
  [[nodiscard, gnu::cold, gnu::noinline]] Result<T> refuse(const char* act) const;
  [[nodiscard]] Result<const VideoMeta*> add_slowly(const CheckedVideoMeta& checked);
  /// Each memory shows what the window shows of it, and no more.
  void keep_only_the_window();
  void show_all();
  void set_plain(bool plain);
  /// The pooled buffer that this one is, or is a view of.
  [[nodiscard]] Ref<Buffer> lent() const;
  void set_origin(Ref<Buffer> origin);
  void fences_are_over();
  void memories_have_changed();
  [[nodiscard]] Result<> put(size_t index, const Ref<Memory>& memory);
  [[nodiscard]] Result<> take(size_t first, size_t count);
  [[nodiscard]] Result<> check_range(size_t from, size_t size, const char* act) const;

  size_t offset_ = 0;  ///< of the window, from the start of the first block
  size_t size_ = 0;
  PoolShelf* home_ = nullptr;  ///< for all the life of a pooled buffer, whose pool outlives it
  uint64_t home_bit_;          ///< its place there; this and the next two only with a home
  size_t home_offset_;         ///< its window there
  size_t home_size_;
  std::unique_ptr<BufferFences> fences_;
  // Both keep pooled buffers lent, and so die after `memories_`: who comes home shares no bytes.
  Ref<Buffer> origin_;
  MetaStore metas_;
  MemoryList memories_;
};

}  // namespace millrace

#include "engine/memory/buffer_inline.h"
