// SPDX-License-Identifier: MIT
#include "engine/memory/views.h"

#include <fmt/format.h>

#include "engine/base/futex.h"

namespace millrace {
namespace {

enum class Obstacle { none, busy, shared, too_many };

/// What stands between an asker and the bytes, as `word` says.
Obstacle obstacle(uint64_t word, bool write, bool joint) {
  const bool joins = joint && AccessWord::is_joint(word);
  if (!write) {
    if (AccessWord::writers(word) != 0 && !joins) return Obstacle::busy;
    return AccessWord::readers(word) == AccessWord::most_readers ? Obstacle::too_many
                                                                 : Obstacle::none;
  }
  if (AccessWord::owners(word) >= AccessWord::child_weight) return Obstacle::shared;
  if (joins) {
    return AccessWord::writers(word) == AccessWord::most_writers ? Obstacle::too_many
                                                                 : Obstacle::none;
  }
  return AccessWord::readers(word) == 0 && AccessWord::writers(word) == 0 ? Obstacle::none
                                                                          : Obstacle::busy;
}

std::string act(const Memory& memory, bool write) {
  return fmt::format("map {} bytes of {} memory for {}", memory.size(), memory.type(),
                     write ? "writing" : "reading");
}

Failure refusal(const Memory& memory, bool write, Obstacle why) {
  switch (why) {
    case Obstacle::shared:
      return fail(ErrorKind::denied,
                  act(memory, write) + ": another buffer or a part of it shows the same bytes",
                  "Drop the other holders, or write to a copy.");
    case Obstacle::too_many:
      return fail(ErrorKind::busy, act(memory, write) + ": it is mapped too often already",
                  "Close views that are no longer used.");
    default:
      return fail(ErrorKind::busy,
                  act(memory, write) + (write ? ": it is mapped already" : ": it is being written"),
                  "Wait with a deadline, or close the other view first.");
  }
}

Result<> check_request(const Memory& memory, size_t from, size_t size, bool write) {
  if (from > memory.maxsize() || size > memory.maxsize() - from) {
    return fail(ErrorKind::internal,
                fmt::format("{}: bytes {} to {} + {} were asked, it has {}", act(memory, write),
                            from, from, size, memory.maxsize()));
  }
  if (memory.flags().not_mappable) {
    return fail(ErrorKind::unavailable, act(memory, write) + ": the CPU cannot reach it",
                "Copy it with the device that has it.");
  }
  if (write && memory.flags().read_only) {
    return fail(ErrorKind::denied, act(memory, write) + ": it is read-only",
                "Write to a copy of it.");
  }
  return {};
}

}  // namespace

/// Takes the mark of waiting away; others who wait set it again.
void CpuView::stop_waiting(const Memory& memory) noexcept {
  memory.word_.fetch_and(~AccessWord::waiting, std::memory_order_relaxed);
  wake_high_half(&memory.word_);
}

Result<> CpuView::lock(const Memory& memory, bool write, const Access& how) {
  uint64_t seen = memory.word_.load(std::memory_order_relaxed);
  bool slept = false;
  while (true) {
    const Obstacle why = obstacle(seen, write, how.joint);
    if (why == Obstacle::none) {
      const uint64_t joint = write && how.joint ? AccessWord::joint : 0;
      const uint64_t wanted = ((seen + amount(write)) | joint) & ~AccessWord::waiting;
      if (memory.word_.compare_exchange_weak(seen, wanted, std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
        // Whoever else sleeps must look again, for nobody is marked as waiting any more.
        if ((seen & AccessWord::waiting) != 0) wake_high_half(&memory.word_);
        return {};
      }
      continue;
    }
    if (!how.deadline || why != Obstacle::busy) {
      if (slept) stop_waiting(memory);
      return refusal(memory, write, why);
    }
    if ((seen & AccessWord::waiting) == 0 &&
        !memory.word_.compare_exchange_weak(seen, seen | AccessWord::waiting,
                                            std::memory_order_relaxed)) {
      continue;
    }
    slept = true;
    if (!wait_for_high_half(memory.word_, seen | AccessWord::waiting, *how.deadline)) {
      stop_waiting(memory);
      return fail(ErrorKind::timeout, act(memory, write) + ": it was in use until the deadline",
                  "Look for the view that is kept open, or wait longer.");
    }
    seen = memory.word_.load(std::memory_order_relaxed);
  }
}

/// The start of the block for one access; undone by close_otherwise where the memory is not mapped
/// for good.
Result<std::byte*> CpuView::start_access(const Memory& memory, bool write) {
  if (memory.mapped_) return memory.mapped_;
  auto& block = const_cast<Memory&>(memory);
  MILLRACE_TRY(block.begin_cpu_access(write));
  Result<std::byte*> start = block.address();
  if (!start) block.end_cpu_access(write);
  return start;
}

template <class View>
Result<View> CpuView::open_checked(const Memory& memory, size_t from, size_t size,
                                   const Access& how) {
  constexpr bool write = std::is_same_v<View, WriteView>;
  MILLRACE_TRY(check_request(memory, from, size, write));
  MILLRACE_TRY(lock(memory, write, how));
  const Result<std::byte*> start = start_access(memory, write);
  if (!start) {
    unlock(memory, write);
    return fail(start.error());
  }
  observe::StageScope::record_window(memory.identity().inode, {.read = !write, .write = write});
  return View(memory, *start, from, size, memory.mapped_ && !how.joint);
}

size_t CpuView::maxsize() const {
  if (!memory_) return 0;
  // Within an access the start of a block is known and stays.
  std::byte* const start =
      memory_->mapped_ ? memory_->mapped_ : const_cast<Memory*>(memory_)->address().value();
  return memory_->maxsize() - static_cast<size_t>(data_ - start);
}

Result<ReadView> ReadView::open_slowly(const Memory& memory, size_t from, size_t size,
                                       const Access& how) {
  return open_checked<ReadView>(memory, from, size, how);
}

Result<WriteView> WriteView::open_slowly(Memory& memory, size_t from, size_t size,
                                         const Access& how) {
  return open_checked<WriteView>(memory, from, size, how);
}

void CpuView::unlock(const Memory& memory, bool write) noexcept {
  uint64_t seen = memory.word_.load(std::memory_order_relaxed);
  uint64_t left = 0;
  do {
    left = seen - amount(write);
    if (AccessWord::writers(left) == 0) left &= ~AccessWord::joint;
  } while (!memory.word_.compare_exchange_weak(seen, left, std::memory_order_acq_rel,
                                               std::memory_order_relaxed));
  after_unlock(memory, seen);
}

void CpuView::close_otherwise(bool write) noexcept {
  if (end_ == End::none) return;
  if (!memory_->mapped_) const_cast<Memory*>(memory_)->end_cpu_access(write);
  unlock(*memory_, write);
}

void CpuView::after_unlock(const Memory& memory, uint64_t before) noexcept {
  // Else two threads used one reference, and the count of views is wrong (buffer.h).
  MILLRACE_CHECK(AccessWord::readers(before) + AccessWord::writers(before) > 0);
  if (static_cast<uint32_t>(before) == 1) {
    memory.word_.store(AccessWord::reference, std::memory_order_relaxed);
    const_cast<Memory&>(memory).on_last_ref();
    return;
  }
  if ((before & AccessWord::waiting) != 0) wake_high_half(&memory.word_);
}

}  // namespace millrace
