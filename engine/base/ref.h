// SPDX-License-Identifier: MIT
// Ref<T>: an intrusive counted reference; RefCounted: the only hand-written reference count.
//
// Counted by Ref are Memory, Buffer and BufferPool, nothing else. A class may take its object back
// when the last reference goes (a pooled Buffer returns to its pool) by overriding `on_last_ref`.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/export.h"

namespace millrace {

/// Thread-safe in its count; whatever else a subclass holds is confined unless it says so.
class MILLRACE_API RefCounted {
 public:
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  void ref() const noexcept { count_.fetch_add(1, std::memory_order_relaxed); }

  void unref() const noexcept {
    // A sole owner needs no read-modify-write: nobody else can touch the count.
    if (count_.load(std::memory_order_acquire) == 1 ||
        count_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      const_cast<RefCounted*>(this)->on_last_ref();
    }
  }

  /// True when the caller's reference is the only one, so that it may write.
  [[nodiscard]] bool is_sole_owner() const noexcept {
    return count_.load(std::memory_order_acquire) == 1;
  }

 protected:
  RefCounted() = default;
  virtual ~RefCounted() = default;

  /// The last reference is gone. The default deletes; a pooled object goes home instead, after
  /// `revive()`.
  virtual void on_last_ref() noexcept { delete this; }

  /// Gives the object one reference again, for whoever takes it back.
  void revive() noexcept { count_.store(1, std::memory_order_relaxed); }

 private:
  mutable std::atomic<uint32_t> count_{1};
};

template <class T>
class Ref {
 public:
  Ref() = default;

  Ref(std::nullptr_t) {}

  /// Takes over the reference that the caller holds (a new object starts with one).
  static Ref adopt(T* object) {
    Ref result;
    result.object_ = object;
    return result;
  }

  /// Adds a reference of its own.
  static Ref share(T* object) {
    if (object) object->ref();
    return adopt(object);
  }

  Ref(const Ref& other) : object_(other.object_) {
    if (object_) object_->ref();
  }

  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}

  template <class U>
  Ref(Ref<U> other) : object_(other.release()) {}

  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }

  ~Ref() {
    if (object_) object_->unref();
  }

  /// Hands the reference to the caller, who must adopt it again.
  [[nodiscard]] T* release() { return std::exchange(object_, nullptr); }

  [[nodiscard]] T* get() const { return object_; }

  T* operator->() const {
    MILLRACE_DCHECK(object_);
    return object_;
  }

  T& operator*() const {
    MILLRACE_DCHECK(object_);
    return *object_;
  }

  explicit operator bool() const { return object_ != nullptr; }

  friend bool operator==(const Ref& a, const Ref& b) { return a.object_ == b.object_; }

 private:
  T* object_ = nullptr;
};

template <class T, class... Args>
[[nodiscard]] Ref<T> make_ref(Args&&... args) {
  return Ref<T>::adopt(new T(std::forward<Args>(args)...));
}

}  // namespace millrace
