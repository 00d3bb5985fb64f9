// SPDX-License-Identifier: MIT
// Fence: the moment when a device has done with the bytes of a buffer, as a descriptor that polls
// readable from then on. FenceList: several of them.
//
// A sync_file (https://docs.kernel.org/driver-api/sync_file.html) and an eventfd that nobody reads
// are such descriptors. One that reports an error or a hang-up is taken as signalled: there is
// nothing left to wait for.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/unique_fd.h"

namespace millrace {

class MILLRACE_API Fence {
 public:
  /// Signalled from the start.
  Fence() = default;

  /// Signalled as soon as `fd` polls readable; without a descriptor from the start.
  explicit Fence(UniqueFd fd) : fd_(std::move(fd)) {}

  /// Asks without waiting; one system call where there is a descriptor.
  [[nodiscard]] bool is_signalled() const;

  /// Errors: `timeout` at the deadline; Timestamp::max() waits for as long as it takes.
  [[nodiscard]] Result<> wait(Timestamp deadline = Timestamp::max()) const;

  /// A second fence that is signalled with this one. Errors: no descriptor is left.
  [[nodiscard]] Result<Fence> duplicate() const;

  /// Borrowed; -1 for one that was signalled from the start.
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

/// Keeps its storage when it is cleared, so that steady use allocates nothing. Confined.
class MILLRACE_API FenceList {
 public:
  /// A fence that was signalled from the start is not kept.
  void add(Fence fence);

  /// Moves the fences of another list here.
  void take(FenceList& other);

  [[nodiscard]] bool empty() const { return fences_.empty(); }

  [[nodiscard]] size_t size() const { return fences_.size(); }

  [[nodiscard]] const Fence& operator[](size_t index) const { return fences_[index]; }

  [[nodiscard]] bool all_signalled() const;

  /// For all of them. Errors: as Fence::wait; the error says how many are left.
  [[nodiscard]] Result<> wait(Timestamp deadline = Timestamp::max()) const;

  void clear() { fences_.clear(); }

 private:
  std::vector<Fence> fences_;
};

}  // namespace millrace
