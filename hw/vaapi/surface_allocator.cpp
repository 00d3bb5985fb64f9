// SPDX-License-Identifier: MIT
#include "hw/vaapi/surface_allocator.h"

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {

Result<Ref<Memory>> SurfaceAllocator::allocate(size_t size, const AllocationParams& params) {
  Result<Ref<Memory>> made = make(size, params);
  if (!made) made = fail(with_words_of(*display_, made.error()));
  const Lock lock(mutex_);
  refusal_ = made ? std::string() : made.error().what;
  return made;
}

std::string SurfaceAllocator::refusal() const {
  const Lock lock(mutex_);
  return refusal_;
}

Result<Ref<Memory>> SurfaceAllocator::make(size_t size, const AllocationParams& params) const {
  if (params.flags != MemoryFlags{}) {
    return fail(ErrorKind::unavailable, "allocate a surface with flags: it is the driver's memory");
  }
  const auto needed = checked_add(size, params.padding);
  if (params.prefix != 0 || !needed || *needed > trial_.layout.size) {
    return fail(ErrorKind::unavailable,
                fmt::format("allocate {} bytes in a surface of {}x{}: it has {}", size, size_.width,
                            size_.height, trial_.layout.size));
  }
  Ref<SurfaceMemory> memory = MILLRACE_TRY(SurfaceMemory::create(display_, size_, trial_.reach));
  if (memory->layout() != trial_.layout) {
    return fail(ErrorKind::unavailable,
                "allocate a surface: the driver lays it out otherwise than in the trial");
  }
  if (memory->align() < params.align) {
    return fail(ErrorKind::unavailable, "allocate a surface: the driver maps it inside a page");
  }
  MILLRACE_TRY(memory->set_range(0, size));
  return Ref<Memory>(std::move(memory));
}

}  // namespace millrace::vaapi
