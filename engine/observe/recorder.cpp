// SPDX-License-Identifier: MIT
#include "engine/observe/recorder.h"

#include <algorithm>
#include <new>

namespace millrace::observe {
namespace {

std::atomic<uint64_t> next_recorder_id{1};
std::atomic<uint64_t> next_thread_number{1};

/// Unlike std::thread::id never given to a second thread.
uint64_t number_of_this_thread() noexcept {
  thread_local const uint64_t number = next_thread_number.fetch_add(1);
  return number;
}

}  // namespace

/// Single writer (its thread), single reader (the drainer).
class Recorder::Ring {
 public:
  explicit Ring(uint64_t writer) : writer_(writer) {}

  [[nodiscard]] uint64_t writer() const noexcept { return writer_; }

  void write(const Record& record) noexcept {
    const uint64_t head = head_.load(std::memory_order_relaxed);
    if (head - tail_.load(std::memory_order_acquire) == capacity) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    slots_[head % capacity] = record;
    head_.store(head + 1, std::memory_order_release);
  }

  void drain(std::vector<Record>& into) {
    const uint64_t head = head_.load(std::memory_order_acquire);
    uint64_t tail = tail_.load(std::memory_order_relaxed);
    for (; tail != head; ++tail) into.push_back(slots_[tail % capacity]);
    tail_.store(tail, std::memory_order_release);
  }

  [[nodiscard]] uint64_t dropped() const noexcept {
    return dropped_.load(std::memory_order_relaxed);
  }

 private:
  static constexpr uint64_t capacity = 8192;  // over a second of 4 records a frame at 1000 fps
  const uint64_t writer_;
  std::unique_ptr<Record[]> slots_{new Record[capacity]};
  alignas(64) std::atomic<uint64_t> head_{0};
  alignas(64) std::atomic<uint64_t> tail_{0};
  std::atomic<uint64_t> dropped_{0};
};

Recorder::Recorder() : id_(next_recorder_id.fetch_add(1)) {}

Recorder::~Recorder() = default;

Recorder::Ring* Recorder::ring_of_this_thread() noexcept {
  // The last recorder that this thread wrote to; another one takes the slow way once.
  thread_local uint64_t cached_id = 0;
  thread_local Ring* cached_ring = nullptr;
  if (cached_id == id_) return cached_ring;
  Ring* const ring = find_or_add_ring(number_of_this_thread());
  if (!ring) return nullptr;
  cached_id = id_;
  cached_ring = ring;
  return ring;
}

Recorder::Ring* Recorder::find_or_add_ring(uint64_t writer) noexcept {
  const Lock lock(mutex_);
  const auto found =
      std::ranges::find(rings_, writer, [](const auto& ring) { return ring->writer(); });
  if (found != rings_.end()) return found->get();
  try {
    return rings_.emplace_back(std::make_unique<Ring>(writer)).get();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void Recorder::write(const Record& record) noexcept {
  if (Ring* ring = ring_of_this_thread()) ring->write(record);
}

void Recorder::drain(std::vector<Record>& into) {
  const Lock lock(mutex_);
  for (const auto& ring : rings_) ring->drain(into);
}

uint64_t Recorder::dropped() const noexcept {
  const Lock lock(mutex_);
  uint64_t total = 0;
  for (const auto& ring : rings_) total += ring->dropped();
  return total;
}

}  // namespace millrace::observe
