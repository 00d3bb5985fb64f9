// SPDX-License-Identifier: MIT
#include "engine/memory/buffer_copier.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "engine/memory/copy.h"
#include "engine/memory/pieces.h"

namespace millrace {
namespace {

using Bytes = CopyParams::Bytes;

Failure takes_no_owner() {
  return fail(ErrorKind::busy,
              "share the bytes of a buffer: somebody is writing them, or too many share them",
              "Close the write view first, or make a deep copy.");
}

Failure no_target(const char* act) {
  return fail(ErrorKind::denied,
              fmt::format("{}: bytes have to be copied, and nothing says where to", act),
              "Give CopyParams::into.");
}

MemorySlice all_of(const Memory& memory) {
  return {const_cast<Memory*>(&memory), memory.offset(), memory.size()};
}

BufferTiming timing_of(const BufferTiming& from, const CopyRange& range) {
  BufferTiming timing = from;
  if (range.offset != 0) {
    timing.pts = timing.dts = timing.duration = std::nullopt;
    timing.offset = timing.offset_end = std::nullopt;
  } else if (!range.whole) {
    timing.duration = std::nullopt;
    timing.offset_end = std::nullopt;
  }
  return timing;
}

Result<Ref<Memory>> merge(const Buffer& from, size_t offset, size_t size, const CopyInto& into) {
  MILLRACE_TRY(from.wait_until_ready(Access::within(device_patience)));
  Ref<Memory> merged = MILLRACE_TRY(into.allocator.allocate(size, {}));
  const WriteView target = MILLRACE_TRY(merged->write());
  size_t done = 0;
  for (const Piece& piece : Pieces(from, offset, size)) {
    const ReadView source = MILLRACE_TRY(piece.read());
    copy_bytes(source.bytes(), target.bytes().subspan(done), into.account);
    done += piece.size;
  }
  return merged;
}

/// True when the window shows just what the memories show, all of which show something: offsets in
/// them then hold in a copy of the window too.
bool shows_all(const Buffer& buffer) {
  size_t sum = 0;
  for (const MemorySlice& slice : buffer.memories()) {
    if (slice.size == 0) return false;
    sum += slice.size;
  }
  return sum == buffer.size() && (sum == 0 || buffer.offset() == buffer.memories()[0].offset);
}

bool is_in_one_piece(const Buffer& buffer) {
  return buffer.memory_count() == 1 || buffer.read().has_value();
}

}  // namespace

Result<CopyRange> copy_range(const Buffer& from, const CopyParams& params) {
  const size_t rest = params.offset <= from.size() ? from.size() - params.offset : 0;
  const size_t size = params.size == SIZE_MAX ? rest : params.size;
  if (params.offset > from.size() || size > rest) {
    return fail(ErrorKind::internal, fmt::format("copy {} bytes at {} of a buffer of {}", size,
                                                 params.offset, from.size()));
  }
  return CopyRange{params.offset, size, size == from.size()};
}

Result<Ref<Buffer>> BufferCopier::share_all(const Buffer& from) {
  if (!from.is_plain() || from.memories_.only().memory->flags().no_share) [[unlikely]]
    return copy_buffer(from, CopyParams{});
  if (!MemoryList::count_first(from.memories_.only())) [[unlikely]]
    return takes_no_owner();
  auto to = Ref<Buffer>::adopt(new Buffer(Buffer::Like{from}));
  if (from.metas_.says(meta_bits::has_home | meta_bits::has_origin)) to->set_origin(from.lent());
  from.metas_.copy_all_to(to->metas_, *to);
  return to;
}

Result<> BufferCopier::add_bytes() {
  switch (params.bytes) {
    case Bytes::none:
      return {};
    case Bytes::merge:
      return add_merged();
    case Bytes::share:
      MILLRACE_TRY(takes_slices() ? add_slices() : add_runs());
      keep_parents();
      return add_fences();
    case Bytes::deep:
      return add_runs();
  }
  return {};
}

/// True when `to` gets the memories as they are; else it gets runs of bytes, some of them copied.
bool BufferCopier::takes_slices() const {
  return params.bytes == Bytes::share && range.whole &&
         std::ranges::none_of(from.memories_, [](const MemorySlice& slice) {
           return slice.memory->flags().no_share;
         });
}

/// With what the window hides.
Result<> BufferCopier::add_slices() {
  for (const MemorySlice& slice : from.memories_) MILLRACE_TRY(add_shared(slice));
  to.offset_ = from.offset_;
  to.size_ = from.size_;
  return {};
}

Result<> BufferCopier::add_runs() {
  for (const Piece& piece : Pieces(from, range.offset, range.size)) {
    const MemorySlice run{from.memories_[piece.index].memory, piece.from, piece.size};
    const bool shared = params.bytes == Bytes::share && !run.memory->flags().no_share;
    MILLRACE_TRY(shared ? add_shared(run) : add_copied(run));
  }
  to.show_all();
  return {};
}

Result<> BufferCopier::add_merged() {
  if (!params.into) return no_target("merge the memories of a buffer");
  const Ref<Memory> merged = MILLRACE_TRY(merge(from, range.offset, range.size, *params.into));
  if (!to.memories_.insert(0, all_of(*merged))) return takes_no_owner();
  to.show_all();
  return {};
}

Result<> BufferCopier::add_shared(const MemorySlice& slice) {
  if (!to.memories_.insert(to.memories_.size(), slice)) return takes_no_owner();
  keep_lent(from);
  return {};
}

Result<> BufferCopier::add_copied(const MemorySlice& slice) {
  if (!params.into) return no_target("copy a buffer");
  MILLRACE_TRY(from.wait_until_ready(Access::within(device_patience)));
  const Ref<Memory> copy = MILLRACE_TRY(copy_block(*slice.memory, slice.offset, slice.size,
                                                   params.into->allocator, params.into->account));
  return to.memories_.insert(to.memories_.size(), all_of(*copy)) ? Result<>() : takes_no_owner();
}

/// Who reads the same bytes has to wait for the same.
Result<> BufferCopier::add_fences() {
  if (!from.has_fences()) return {};
  const FenceList& fences = from.fences_->acquire;
  for (size_t index = 0; index < fences.size(); ++index) {
    to.acquire_fences().add(MILLRACE_TRY(fences[index].duplicate()));
  }
  return {};
}

/// The pooled buffer that `buffer` is, or is a view of, stays lent while `to` lives. A second one
/// is kept by a meta.
void BufferCopier::keep_lent(const Buffer& buffer) {
  Ref<Buffer> lent = buffer.lent();
  if (!lent || lent == to.origin_) return;
  if (!to.origin_) {
    to.set_origin(std::move(lent));
  } else {
    to.metas_.add(ParentBufferMeta{std::move(lent)});
  }
}

/// Without metas a copy still keeps lent what a meta of `from` keeps lent.
void BufferCopier::keep_parents() {
  if (params.metas || params.bytes != Bytes::share) return;
  for (const MetaView& meta : from.metas_.of_api(ParentBufferMeta::facts.api)) {
    if (const auto* const parent = meta.as<ParentBufferMeta>()) to.metas_.add(*parent);
  }
}

void BufferCopier::take_bytes(Buffer& bytes) {
  if (!bytes.memories_.empty()) {
    to.keep_only_the_window();
    to.memories_.take(to.memories_.size(), bytes.memories_);
    to.memories_have_changed();
  }
  keep_lent(bytes);
  keep_parents();
  if (bytes.has_fences()) to.acquire_fences().take(bytes.acquire_fences());
}

void BufferCopier::add_facts() {
  if (params.metas) from.metas_.copy_to(to.metas_, transform(), to);
  // What may no longer fit the memories there is not handed on as if it did.
  if (from.memories_changed() && to.video() && !VideoMeta::check(*to.video(), to)) {
    to.metas_.remove_tagged(MetaTag::memory);
  }
  if (params.timing) to.timing = timing_of(from.timing, range);
  if (params.flags) to.flags = from.flags;
}

void BufferCopier::settle() {
  if (!to.fences_) to.set_plain(to.memories_.has_only_one());
}

CopyTransform BufferCopier::transform() const {
  const bool in_runs =
      params.bytes == Bytes::deep || (params.bytes == Bytes::share && !takes_slices());
  return {.region = !range.whole || behind_others || (in_runs && !shows_all(from)),
          .offset = range.offset,
          .size = range.size,
          .memory = params.bytes != Bytes::none,
          .deep = params.bytes == Bytes::deep,
          .merge = params.bytes == Bytes::merge};
}

Result<> BufferCopier::unshare(Buffer& buffer, const CopyInto& into) {
  const std::vector<Reach> seen = seen_of(buffer);
  std::vector<Ref<Memory>> own(seen.size());
  size_t copies = 0;
  for (size_t index = 0; index < seen.size(); ++index) {
    if (buffer.memory(index).is_writable()) continue;
    if (copies++ == 0) MILLRACE_TRY(buffer.wait_until_ready(Access::within(device_patience)));
    own[index] = MILLRACE_TRY(copy_block(buffer.memory(index), seen[index].from, seen[index].size(),
                                         into.allocator, into.account));
  }
  for (size_t index = 0; index < own.size(); ++index) {
    if (own[index]) MILLRACE_TRY(buffer.replace(index, 1, own[index]));
  }
  if (copies != 0 && copies == own.size()) buffer.metas_.remove_tagged(MetaTag::memory_reference);
  buffer.set_origin(nullptr);
  return {};
}

Result<> BufferCopier::linearize(Buffer& buffer, const CopyInto& into) {
  if (is_in_one_piece(buffer)) return {};
  const Ref<Memory> merged = MILLRACE_TRY(merge(buffer, 0, buffer.size(), into));
  MILLRACE_TRY(buffer.replace(0, buffer.memories_.size(), merged));
  buffer.metas_.remove_tagged(MetaTag::memory);
  buffer.metas_.remove_tagged(MetaTag::memory_reference);
  buffer.set_origin(nullptr);
  return {};
}

}  // namespace millrace
