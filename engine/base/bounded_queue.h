// SPDX-License-Identifier: MIT
// BoundedQueue: a fixed number of items between one producing and one consuming lane.
//
// Thread-safe. Nobody waits inside: a full or empty queue says "not now", and the other side is
// told by a hook when that changes. Hooks run on the thread that caused the change, with no lock
// held.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "engine/base/mutex.h"

namespace millrace {

template <class T>
class BoundedQueue {
 public:
  struct Hooks {
    std::function<void()> item_or_end;  ///< for the consumer
    std::function<void()> space;        ///< for the producer
  };

  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}

  /// Set before any thread uses the queue.
  void set_hooks(Hooks hooks) { hooks_ = std::move(hooks); }

  [[nodiscard]] bool full() const {
    const Lock lock(mutex_);
    return !abandoned_ && items_.size() >= capacity_;
  }

  /// The caller has seen that the queue is not full and is its only producer.
  void push(T item) {
    {
      const Lock lock(mutex_);
      if (abandoned_) return;  // nobody will ever take it
      items_.push_back(std::move(item));
    }
    if (hooks_.item_or_end) hooks_.item_or_end();
  }

  [[nodiscard]] std::optional<T> try_pop() {
    std::optional<T> item;
    {
      const Lock lock(mutex_);
      if (items_.empty()) return item;
      item = std::move(items_.front());
      items_.pop_front();
    }
    if (hooks_.space) hooks_.space();
    return item;
  }

  /// The producer has no more items.
  void close() {
    {
      const Lock lock(mutex_);
      closed_ = true;
    }
    if (hooks_.item_or_end) hooks_.item_or_end();
  }

  /// The consumer takes no more items: what is waiting is dropped, and so is what comes.
  void abandon() {
    std::deque<T> dropped;
    {
      const Lock lock(mutex_);
      abandoned_ = true;
      dropped.swap(items_);
    }
    if (hooks_.space) hooks_.space();
  }

  /// Closed, and everything has been taken.
  [[nodiscard]] bool ended() const {
    const Lock lock(mutex_);
    return closed_ && items_.empty();
  }

  [[nodiscard]] size_t size() const {
    const Lock lock(mutex_);
    return items_.size();
  }

  [[nodiscard]] size_t capacity() const { return capacity_; }

 private:
  const size_t capacity_;
  Hooks hooks_;
  mutable Mutex mutex_;
  std::deque<T> items_ MILLRACE_GUARDED_BY(mutex_);
  bool closed_ MILLRACE_GUARDED_BY(mutex_) = false;
  bool abandoned_ MILLRACE_GUARDED_BY(mutex_) = false;
};

}  // namespace millrace
