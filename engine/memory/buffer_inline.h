// SPDX-License-Identifier: MIT
// The short ways of Buffer, which are compiled into whoever takes them. Included by buffer.h, which
// says what they do.
#pragma once

#include <atomic>
#include <utility>

#include "engine/memory/buffer.h"

namespace millrace {

struct Buffer::Like {
  const Buffer& buffer;
};

inline const Buffer* Buffer::origin() const {
  return origin_.get();
}

inline const MetaStore& Buffer::metas() const {
  return metas_;
}

inline void Buffer::set_plain(bool plain) {
  metas_.say(meta_bits::not_plain, !plain);
}

inline Result<MetaStore*> Buffer::edit_metas() {
  if (is_writable()) [[likely]]
    return &metas_;
  return refuse<MetaStore*>("change the metas of");
}

inline size_t Buffer::memory_count() const {
  return memories_.size();
}

inline Memory& Buffer::memory(size_t index) const {
  return *memories_[index].memory;
}

inline bool Buffer::is_writable() const {
  return word_.load(std::memory_order_acquire) == one_reference;
}

inline bool Buffer::is_writable(size_t index) const {
  return is_writable() && memory(index).is_writable();
}

inline Result<> Buffer::append(const Ref<Memory>& memory) {
  return insert(memories_.size(), memory);
}

inline size_t Buffer::size() const {
  return size_;
}

inline size_t Buffer::offset() const {
  return offset_;
}

template <class M>
const M* Buffer::find() const {
  return metas_.find<M>();
}

inline const VideoMeta* Buffer::video() const {
  return metas_.find<VideoMeta>();
}

inline const CropMeta* Buffer::crop() const {
  return metas_.find<CropMeta>();
}

inline FenceList& Buffer::acquire_fences() {
  return fences().acquire;
}

inline FenceList& Buffer::release_fences() {
  return fences().release;
}

inline bool Buffer::has_fences() const {
  return fences_ != nullptr;
}

inline Buffer::Buffer(const MemorySlice& counted)
    : offset_(counted.offset), size_(counted.size), memories_(counted) {}

inline Result<Ref<Buffer>> Buffer::create(const Ref<Memory>& memory) {
  const MemorySlice slice{memory.get(), memory->offset(), memory->size()};
  if (!MemoryList::count_first(slice)) [[unlikely]]
    return refuse_memory();
  return Ref<Buffer>::adopt(new Buffer(slice));
}

inline void Buffer::unref() const noexcept {
  if (is_writable()) [[likely]] {
    const_cast<Buffer*>(this)->on_last_ref();
  } else if (word_.fetch_sub(one_reference, std::memory_order_acq_rel) == one_reference) {
    word_.store(one_reference, std::memory_order_relaxed);
    const_cast<Buffer*>(this)->on_last_ref();
  }
}

inline Result<ReadView> Buffer::read(const Access& how) const {
  if (is_plain()) [[likely]] {
    const MemorySlice seen{memories_.only().memory, offset_, size_};
    if (is_writable() && ReadView::try_open_alone(*seen.memory)) [[likely]] {
      return Result<ReadView>(tl::in_place, Opened(seen));
    }
    return ReadView::open_known(*seen.memory, offset_, size_, how);
  }
  return read(0, size_, how);
}

inline Result<WriteView> Buffer::write(const Access& how) {
  if (is_plain() && is_writable()) [[likely]] {
    const MemorySlice seen{memories_.only().memory, offset_, size_};
    if (!how.joint && WriteView::try_open_alone(*seen.memory)) [[likely]] {
      return Result<WriteView>(tl::in_place, Opened(seen));
    }
    return WriteView::open_known(*seen.memory, offset_, size_, how);
  }
  return write(0, size_, how);
}

inline Result<const VideoMeta*> Buffer::add(const CheckedVideoMeta& checked) {
  constexpr uint32_t in_the_way =
      meta_bits::not_plain | meta_bits::present_from(meta_place<VideoMeta>);
  if (!metas_.says(in_the_way) && is_writable() && checked.is_kept_and_fits(memories_.only().size))
      [[likely]] {
    metas_.point_to(*checked.kept());
    return checked.kept();
  }
  return add_slowly(checked);
}

inline Buffer::Buffer(const Like& like)
    : timing(like.buffer.timing),
      flags(like.buffer.flags),
      offset_(like.buffer.offset_),
      size_(like.buffer.size_),
      memories_(like.buffer.memories_.only()) {}

template <class T>
Result<T> Buffer::refuse(const char* act) const {
  return fail(std::move(check_sole(act).error()));
}

template <class M>
Result<Attached<M>*> Buffer::add(const M& meta) {
  if (!is_writable()) [[unlikely]]
    return refuse<Attached<M>*>("add a meta to");
  if constexpr (is_checked_meta<M>) MILLRACE_TRY(M::check(meta, *this));
  return metas_.add(meta);
}

template <class M>
Result<Attached<M>*> Buffer::add(const M& meta, MetaFlags flags_of_it) {
  if (!is_writable()) [[unlikely]]
    return refuse<Attached<M>*>("add a meta to");
  if constexpr (is_checked_meta<M>) MILLRACE_TRY(M::check(meta, *this));
  return metas_.add(meta, flags_of_it);
}

template <class M>
Result<Attached<M>*> Buffer::set(M meta) {
  if (!is_writable()) [[unlikely]]
    return refuse<Attached<M>*>("set a meta of");
  if constexpr (is_checked_meta<M>) MILLRACE_TRY(M::check(meta, *this));
  return metas_.set<M>(std::move(meta));
}

template <class M>
Result<> Buffer::remove() {
  if (!is_writable()) [[unlikely]]
    return refuse<void>("remove a meta from");
  return metas_.remove<M>();
}

}  // namespace millrace
