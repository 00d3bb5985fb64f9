// SPDX-License-Identifier: MIT
// Config, Context, Surface, CodedBuffer and ParameterBuffer: move-only owners of one VA id each.
//
// 0 is an id like any other (iHD starts there); only VA_INVALID_ID is none, and a driver that
// reports success with it has failed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/vaapi/display.h"

namespace millrace::vaapi {

using SharedDisplay = std::shared_ptr<const Display>;

/// Confined. Destroying takes the display's lock.
template <void (*destroy)(VADisplay, VAGenericID)>
class Handle {
 public:
  Handle() = default;

  Handle(SharedDisplay display, VAGenericID id) : display_(std::move(display)), id_(id) {}

  Handle(Handle&& other) noexcept
      : display_(std::move(other.display_)), id_(std::exchange(other.id_, VA_INVALID_ID)) {}

  Handle& operator=(Handle&& other) noexcept {
    std::swap(display_, other.display_);
    std::swap(id_, other.id_);
    return *this;
  }

  ~Handle() {
    if (id_ == VA_INVALID_ID) return;
    const Lock lock(display_->mutex());
    destroy(display_->va(), id_);
  }

  [[nodiscard]] VAGenericID id() const { return id_; }

  explicit operator bool() const { return id_ != VA_INVALID_ID; }

 private:
  SharedDisplay display_;
  VAGenericID id_ = VA_INVALID_ID;
};

MILLRACE_API void destroy_config(VADisplay display, VAGenericID id);
MILLRACE_API void destroy_context(VADisplay display, VAGenericID id);
MILLRACE_API void destroy_surface(VADisplay display, VAGenericID id);
MILLRACE_API void destroy_buffer(VADisplay display, VAGenericID id);

using Config = Handle<destroy_config>;
using Context = Handle<destroy_context>;
using Surface = Handle<destroy_surface>;
using CodedBuffer = Handle<destroy_buffer>;
using ParameterBuffer = Handle<destroy_buffer>;

struct SurfaceSize {
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const SurfaceSize&, const SurfaceSize&) = default;
};

[[nodiscard]] MILLRACE_API Result<Config> create_config(const SharedDisplay& display,
                                                        VAProfile profile, VAEntrypoint entrypoint,
                                                        std::vector<VAConfigAttrib> attributes);

/// Progressive, without a list of render targets.
[[nodiscard]] MILLRACE_API Result<Context> create_context(const SharedDisplay& display,
                                                          const Config& config, SurfaceSize size);

/// One NV12 surface with these attributes, in this order: drivers read them one after another.
[[nodiscard]] MILLRACE_API Result<Surface> create_surface(const SharedDisplay& display,
                                                          SurfaceSize size,
                                                          std::vector<VASurfaceAttrib> attributes);

/// NV12 in the driver's own memory.
[[nodiscard]] MILLRACE_API Result<Surface> create_own_surface(const SharedDisplay& display,
                                                              SurfaceSize size);

[[nodiscard]] MILLRACE_API Result<CodedBuffer> create_coded_buffer(const SharedDisplay& display,
                                                                   const Context& context,
                                                                   uint32_t bytes);

/// libva copies `content` before it returns.
[[nodiscard]] MILLRACE_API Result<ParameterBuffer> create_parameter_buffer(
    const SharedDisplay& display, const Context& context, VABufferType type,
    std::span<const uint8_t> content);

/// A surface attribute that holds an integer, or a pointer that outlives the call, to be set.
[[nodiscard]] MILLRACE_API VASurfaceAttrib integer_attribute(VASurfaceAttribType type,
                                                             uint32_t value);
[[nodiscard]] MILLRACE_API VASurfaceAttrib pointer_attribute(VASurfaceAttribType type,
                                                             void* pointer);

}  // namespace millrace::vaapi
