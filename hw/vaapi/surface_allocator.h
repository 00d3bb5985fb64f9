// SPDX-License-Identifier: MIT
// SurfaceAllocator: the heap of the encoder's own surfaces, which it lends to the stage in front.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/memory/allocator.h"
#include "hw/vaapi/own_surface_trial.h"

namespace millrace::vaapi {

inline constexpr std::string_view surface_heap = "va-surface";
inline constexpr std::string_view derived_heap = "va-surface-derived";  ///< in reserve

/// Thread-safe. Every block is one surface; it outlives the allocator if it must.
class MILLRACE_API SurfaceAllocator final : public Allocator {
 public:
  /// `trial` has passed: every surface must be as its was.
  SurfaceAllocator(SharedDisplay display, SurfaceSize size, const OwnSurfaceTrial& trial,
                   std::string_view heap = surface_heap)
      : display_(std::move(display)), size_(size), trial_(trial), heap_(heap) {}

  [[nodiscard]] std::string_view heap() const override { return heap_; }

  [[nodiscard]] Reach reach() const { return trial_.reach; }

  [[nodiscard]] MemoryKind kind() const override { return trial_.kind; }

  /// Errors: `unavailable` for more than a surface holds, and for one that is laid out otherwise
  /// than the trial's.
  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override;

  /// Why the last surface could not be made; empty where it could.
  [[nodiscard]] std::string refusal() const;

 private:
  Result<Ref<Memory>> make(size_t size, const AllocationParams& params) const;

  const SharedDisplay display_;
  const SurfaceSize size_;
  const OwnSurfaceTrial trial_;
  const std::string_view heap_;
  mutable Mutex mutex_;
  std::string refusal_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace::vaapi
