// SPDX-License-Identifier: MIT
// NV12 memory of somebody else's as a surface: PRIME_2 import, without a copy.
//
// What a driver would take wrongly rather than refuse is refused here, with the numbers: iHD reads
// the UV plane at a whole row and with the stride of Y, whatever the descriptor says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

#include <va/va.h>
#include <va/va_drmcommon.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/format/layout.h"
#include "engine/memory/frame_place.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

/// One object with the planes of an NV12 picture in it.
struct ImportSource {
  int fd = -1;               ///< borrowed: the driver holds the memory, not the descriptor
  uint64_t object_size = 0;  ///< bytes of the whole object
  uint64_t base = 0;         ///< bytes from its start to where `layout` starts
  Layout layout;
  SurfaceSize size;  ///< visible
};

/// The object that a frame lies in. Errors: `unavailable` for memory without a file.
[[nodiscard]] MILLRACE_API Result<ImportSource> import_source(const FramePlace& place,
                                                              const VideoMeta& video);

/// The descriptor of vaCreateSurfaces: one object, one NV12 layer with two planes, an explicit
/// modifier. Errors: `unavailable` for a layout that drivers cannot take, naming the rule. Pure.
[[nodiscard]] MILLRACE_API Result<VADRMPRIMESurfaceDescriptor> describe_import(
    const ImportSource& source);

/// Imports one surface. The fd may be closed afterwards.
[[nodiscard]] MILLRACE_API Result<Surface> import_surface(const SharedDisplay& display,
                                                          const ImportSource& source);

/// Surfaces by what they are of: file and layout, never the number of a descriptor, which is used
/// again. While a surface is kept its memory is too, so an inode cannot come back as another.
/// Bounded; the surface that was used least recently goes first. Confined.
class MILLRACE_API SurfaceCache {
 public:
  /// As many as the largest pool that a device would share; more means that pools were replaced.
  static constexpr size_t max_surfaces = 64;

  explicit SurfaceCache(SharedDisplay display) : display_(std::move(display)) {}

  /// The surface of this picture, imported at first sight. Valid until 64 others were asked for.
  [[nodiscard]] Result<VASurfaceID> surface_of(const FramePlace& place, const VideoMeta& video);

  /// Lets all surfaces go, when the pools that they are of are replaced.
  void clear() { entries_.clear(); }

  [[nodiscard]] size_t size() const { return entries_.size(); }

  [[nodiscard]] size_t imports() const { return imports_; }  ///< so far

 private:
  struct Entry {
    FileIdentity file;
    uint64_t base = 0;
    Layout layout;
    SurfaceSize size;
    Surface surface;
  };

  SharedDisplay display_;
  std::list<Entry> entries_;  ///< the most recently used first
  size_t imports_ = 0;
};

}  // namespace millrace::vaapi
