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

  void ref() const noexcept { word_.fetch_add(one_reference, std::memory_order_relaxed); }

  void unref() const noexcept { drop(one_reference); }

  /// True when the caller's reference is the only one, so that it may write.
  [[nodiscard]] bool is_sole_owner() const noexcept { return references() == 1; }

  [[nodiscard]] uint32_t references() const noexcept {
    return static_cast<uint32_t>(word_.load(std::memory_order_acquire)) & most_references;
  }

 protected:
  static constexpr uint64_t one_reference = 1;
  static constexpr uint32_t most_references = 0x7fff'ffff;

  RefCounted() = default;
  virtual ~RefCounted() = default;

  /// The last reference is gone; the count still says 1. The default deletes; a pooled object goes
  /// home instead and keeps that 1 for whoever takes it back.
  virtual void on_last_ref() noexcept { delete this; }

  /// Gives up one reference and, in the same step, what else of the word `amount` counts.
  void drop(uint64_t amount) const noexcept {
    // A sole owner needs no read-modify-write: nobody else can touch the word.
    if (word_.load(std::memory_order_acquire) == amount) {
      if (amount != one_reference) word_.store(one_reference, std::memory_order_relaxed);
      const_cast<RefCounted*>(this)->on_last_ref();
    } else if (static_cast<uint32_t>(word_.fetch_sub(amount, std::memory_order_acq_rel)) == 1) {
      word_.store(one_reference, std::memory_order_relaxed);
      const_cast<RefCounted*>(this)->on_last_ref();
    }
  }

  /// References in the low 31 bits; the others are the subclass's, to change both in one step.
  mutable std::atomic<uint64_t> word_{one_reference};
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
