// SPDX-License-Identifier: MIT
#include "engine/memory/buffer.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "engine/memory/fence_watcher.h"
#include "engine/memory/pieces.h"
#include "engine/memory/pool_generation.h"
#include "engine/memory/pool_shelf.h"

namespace millrace {
namespace {

/// Bytes of a window that lie one after the other: of one memory, or of neighbours in one block.
struct Run {
  const Memory* memory = nullptr;
  size_t from = 0;
  size_t size = 0;
};

Result<Run> one_run(const Pieces& pieces) {
  Run run;
  const Memory* block = nullptr;
  for (const Piece& piece : pieces) {
    if (!run.memory) {
      run = {piece.memory, piece.from, piece.size};
      block = &piece.block();
    } else if (&piece.block() == block && piece.from == run.from + run.size) {
      run.memory = block;
      run.size += piece.size;
    } else {
      return fail(ErrorKind::unavailable,
                  "map a buffer: its bytes lie in several memories, not in one piece",
                  "Go through its pieces, or linearize() it, which copies.");
    }
  }
  return run;
}

struct Window {
  size_t offset = 0;
  size_t size = 0;
};

/// The window that shows all that the memories show.
Window whole_window(const MemoryList& memories) {
  Window window;
  for (size_t index = 0; index < memories.size(); ++index) {
    const MemorySlice& slice = memories[index];
    const bool before_the_first =
        window.size == 0 && slice.size == 0 && index + 1 < memories.size();
    if (before_the_first) {
      window.offset += slice.memory->maxsize();
    } else if (window.size == 0) {
      window.offset += slice.offset;
    }
    window.size += slice.size;
  }
  return window;
}

}  // namespace

Buffer::~Buffer() = default;

Result<Ref<Buffer>> Buffer::refuse_memory() {
  return fail(ErrorKind::busy,
              "add memory to a buffer: another buffer has it, and somebody is writing it, or too "
              "many have it",
              "Close the write view first, or add a copy.");
}

Result<> Buffer::add(const MetaType& type, void* meta) {
  MILLRACE_TRY(check_sole("add a meta to"));
  if (type.check) MILLRACE_TRY(type.check(meta, *this));
  metas_.add(type, meta);
  return {};
}

Result<const VideoMeta*> Buffer::add_slowly(const CheckedVideoMeta& checked) {
  return MILLRACE_TRY(add(checked.meta()));
}

void Buffer::on_last_ref() noexcept {
  if (!metas_.says(meta_bits::end_slowly)) [[likely]] {
    memories_.drop_only();
    return Recycled::operator delete(this, sizeof(Buffer));
  }
  if (home_) return home_->take_back(*this);
  end();
}

/// Kept out of on_last_ref, which is shorter then.
[[gnu::noinline]] void Buffer::end() noexcept {
  if (!fences_ || !ends_later()) delete this;
}

/// A device has the bytes until its fences are signalled; so has the pooled buffer they may be of.
bool Buffer::ends_later() noexcept {
  const FenceList& fences = fences_->release;
  if (fences.all_signalled()) return false;
  const auto end = [](void* buffer) noexcept { delete static_cast<Buffer*>(buffer); };
  if (FenceWatcher::of_the_process().watch(fences, {end, this})) return true;
  // Nobody can be asked to wait, so this thread does.
  static_cast<void>(fences.wait());
  return false;
}

Result<> Buffer::check_sole(const char* act) const {
  if (is_sole_owner()) return {};
  return fail(ErrorKind::denied, fmt::format("{} a buffer: somebody else holds it too", act),
              "Call make_writable() first.");
}

Result<> Buffer::insert(size_t index, const Ref<Memory>& memory) {
  MILLRACE_TRY(put(index, memory));
  metas_.forget_planes_from(index);
  return {};
}

Result<> Buffer::put(size_t index, const Ref<Memory>& memory) {
  MILLRACE_CHECK(index <= memories_.size());
  MILLRACE_TRY(check_sole("add memory to"));
  MemoryList added;
  if (!added.insert(0, {memory.get(), memory->offset(), memory->size()}))
    return fail(refuse_memory().error());
  keep_only_the_window();
  memories_.take(index, added);
  memories_have_changed();
  return {};
}

Result<> Buffer::remove(size_t first, size_t count) {
  MILLRACE_TRY(take(first, count));
  if (count != 0) metas_.forget_planes_from(first);
  return {};
}

Result<> Buffer::take(size_t first, size_t count) {
  MILLRACE_CHECK(first <= memories_.size() && count <= memories_.size() - first);
  MILLRACE_TRY(check_sole("remove memory from"));
  keep_only_the_window();
  memories_.remove(first, count);
  memories_have_changed();
  return {};
}

Result<> Buffer::replace(size_t first, size_t count, const Ref<Memory>& memory) {
  MILLRACE_CHECK(first <= memories_.size() && count <= memories_.size() - first);
  MILLRACE_TRY(put(first, memory));
  MILLRACE_TRY(take(first + 1, count));
  if (count != 1) metas_.forget_planes_from(first);
  return {};
}

void Buffer::keep_only_the_window() {
  const Window whole = whole_window(memories_);
  if (whole.offset == offset_ && whole.size == size_) return;
  const std::vector<Reach> seen = seen_of(*this);
  for (size_t index = 0; index < memories_.size(); ++index) {
    memories_.set_range(index, seen[index].from, seen[index].size());
  }
  // Offsets in them counted from bytes that are no longer the first.
  metas_.remove_tagged(MetaTag::memory);
}

void Buffer::memories_have_changed() {
  metas_.say(meta_bits::memories_changed | meta_bits::not_plain, true);
  show_all();
}

void Buffer::fences_are_over() {
  set_plain(memories_.has_only_one() && !memories_changed());
}

Ref<Buffer> Buffer::lent() const {
  if (origin_ || !home_) return origin_;
  return Ref<Buffer>::share(const_cast<Buffer*>(this));
}

void Buffer::set_origin(Ref<Buffer> origin) {
  origin_ = std::move(origin);
  metas_.say(meta_bits::has_origin, static_cast<bool>(origin_));
}

uint32_t Buffer::slot() const {
  return home_ ? home_->slot_of(*this) : 0;
}

BufferPool* Buffer::pool() const {
  return home_ ? &home_->generation().pool() : nullptr;
}

void Buffer::show_all() {
  const Window whole = whole_window(memories_);
  offset_ = whole.offset;
  size_ = whole.size;
}

size_t Buffer::maxsize() const {
  size_t sum = 0;
  for (size_t index = 0; index < memories_.size(); ++index) {
    sum += reach_of(memories_, index).size();
  }
  return sum;
}

Result<> Buffer::resize(ptrdiff_t delta, size_t size) {
  MILLRACE_TRY(check_sole("resize"));
  const size_t has = maxsize();
  const size_t distance =
      delta < 0 ? size_t{0} - static_cast<size_t>(delta) : static_cast<size_t>(delta);
  const bool starts_inside = delta < 0 ? distance <= offset_ : distance <= has - offset_;
  const size_t start = delta < 0 ? offset_ - distance : offset_ + distance;
  if (!starts_inside || size > has - start) {
    return fail(ErrorKind::internal,
                fmt::format("resize a buffer to {} bytes, {:+} from {}: its memories have {}", size,
                            delta, offset_, has));
  }
  offset_ = start;
  size_ = size;
  return {};
}

Result<ReadView> Buffer::read(size_t from, size_t size, const Access& how) const {
  MILLRACE_TRY(check_range(from, size, "read"));
  MILLRACE_TRY(wait_until_ready(how));
  const Run run = MILLRACE_TRY(one_run(Pieces(*this, from, size)));
  if (!run.memory) return ReadView::none();
  return ReadView::open(*run.memory, run.from, run.size, how);
}

Result<WriteView> Buffer::write(size_t from, size_t size, const Access& how) {
  MILLRACE_TRY(check_range(from, size, "write"));
  MILLRACE_TRY(check_sole("write"));
  MILLRACE_TRY(wait_until_ready(how));
  const Run run = MILLRACE_TRY(one_run(Pieces(*this, from, size)));
  if (!run.memory) return WriteView::none();
  return WriteView::open(const_cast<Memory&>(*run.memory), run.from, run.size, how);
}

Result<> Buffer::check_range(size_t from, size_t size, const char* act) const {
  if (from <= size_ && size <= size_ - from) return {};
  return fail(ErrorKind::internal,
              fmt::format("{} {} bytes at {} of a buffer of {}", act, size, from, size_));
}

Result<> Buffer::wait_until_ready(const Access& how) const {
  if (!fences_) return {};
  if (how.deadline) return fences_->acquire.wait(*how.deadline);
  if (fences_->acquire.all_signalled()) return {};
  return fail(ErrorKind::busy, "touch the bytes of a buffer: a device has not done with them",
              "Wait for its fence with a deadline.");
}

BufferFences& Buffer::fences() {
  MILLRACE_CHECK(is_writable());
  if (!fences_) fences_ = std::make_unique<BufferFences>();
  set_plain(false);
  return *fences_;
}

}  // namespace millrace
