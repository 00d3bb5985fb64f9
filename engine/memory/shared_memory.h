// SPDX-License-Identifier: MIT
// SharedMemory: a part of another Memory, read-only; what Memory::share makes.
//
// Holds the root alive and keeps it from being written. A part of a part is a part of the root.
#pragma once

#include "engine/base/recycler.h"
#include "engine/memory/memory.h"

namespace millrace {

class SharedMemory final : public Memory, public Recycled {
 public:
  /// Shows [offset, offset + size) of the block of `whole`. Fails while the block is written.
  [[nodiscard]] static Result<Ref<Memory>> create(Memory& whole, size_t offset, size_t size);

  ~SharedMemory() override { root_.drop_owner(AccessWord::child_weight); }

  [[nodiscard]] int fd() const override { return root_.fd(); }

  [[nodiscard]] Memory* parent() const override { return &root_; }

 protected:
  Result<std::byte*> address() override { return root_.address(); }

  Result<> begin_cpu_access(bool write) override { return root_.begin_cpu_access(write); }

  void end_cpu_access(bool write) noexcept override { root_.end_cpu_access(write); }

 private:
  SharedMemory(Memory& root, const Facts& facts) : Memory(facts), root_(root) {
    set_mapped(root.mapped_);
  }

  Memory& root_;  ///< an owner of weight 2 and a reference are counted there
};

}  // namespace millrace
