// SPDX-License-Identifier: MIT
// The encoder's own input surface as Memory: the middle rung of the memory ladder. The stage in
// front writes its frame where the encoder reads it, so nothing is copied.
//
// Exported, the surface is a file that is mapped once. Derived, it is mapped for each CPU window
// only, by the driver, and lies at another address in the next one; a driver may map it for writing
// alone, so a window for writing writes all of the picture, and one for reading is for tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"
#include "engine/memory/memory.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

/// How the CPU gets at the bytes of a surface.
enum class Reach : uint8_t { exported, derived };

[[nodiscard]] MILLRACE_API std::string_view to_string(Reach reach);

/// NV12 linear. Keeps its surface, and with it the display, alive.
class MILLRACE_API SurfaceMemory : public Memory {
 public:
  /// A surface made for the encoder, and its memory, all zero. Errors: `unavailable` where it
  /// cannot be reached in this way, in the driver's words.
  [[nodiscard]] static Result<Ref<SurfaceMemory>> create(const SharedDisplay& display,
                                                         SurfaceSize size, Reach reach);

  [[nodiscard]] const Surface& surface() const { return surface_; }

  /// Where the driver has put the planes; `Layout::size` is all of the block.
  [[nodiscard]] const Layout& layout() const { return layout_; }

  /// Whether the driver may move the pixels between what it maps and the surface: it maps memory of
  /// its device, and nothing shows where that lies.
  [[nodiscard]] bool may_be_staged() const { return may_be_staged_; }

  void set_may_be_staged(bool may_be) { may_be_staged_ = may_be; }

  /// The failure of the last window's end, if it failed: what was written may not be in the
  /// surface. Good again with the next window for writing that ends well. Thread-safe.
  [[nodiscard]] Result<> check_arrived() const;

 protected:
  SurfaceMemory(const Facts& facts, Surface surface, const Layout& layout)
      : Memory(facts), surface_(std::move(surface)), layout_(layout) {}

  void note_end(const Result<>& ended, bool written);

 private:
  Surface surface_;
  Layout layout_;
  bool may_be_staged_ = false;
  mutable Mutex mutex_;
  std::optional<Error> lost_ MILLRACE_GUARDED_BY(mutex_);
};

/// The surface that a frame was written into. Errors: `internal` for memory of somebody else's, and
/// for planes that are not where the driver will look for them; the driver's, with its status,
/// where the frame has not arrived.
[[nodiscard]] Result<VASurfaceID> own_surface_of(const Memory& memory, const Layout& layout);

/// The two ways, by name. `surface` is taken over.
[[nodiscard]] Result<Ref<SurfaceMemory>> reach_by_export(const SharedDisplay& display,
                                                         Surface surface, SurfaceSize size);
[[nodiscard]] Result<Ref<SurfaceMemory>> reach_by_derived_image(const SharedDisplay& display,
                                                                Surface surface, SurfaceSize size);

}  // namespace millrace::vaapi
