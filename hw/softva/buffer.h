// SPDX-License-Identifier: MIT
// Buffer: what vaCreateBuffer and the images make: parameters, image bytes or a coded picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <va/va.h>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "hw/softva/frame_memory.h"

namespace millrace::softva {

class Surface;

/// Thread-safe. Maps nest: every map gives the same pointer, and needs its unmap.
class Buffer {
 public:
  Buffer(VABufferType type, uint32_t element_bytes, uint32_t elements)
      : type_(type), element_bytes_(element_bytes), elements_(elements) {}

  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  virtual ~Buffer() = default;

  [[nodiscard]] VABufferType type() const { return type_; }

  [[nodiscard]] uint32_t element_bytes() const { return element_bytes_; }

  [[nodiscard]] uint32_t elements() const;

  virtual Result<void*> map() = 0;
  Result<> unmap();
  [[nodiscard]] bool mapped() const;

  /// Refused where more elements are asked for than were created.
  Result<> set_elements(uint32_t elements);

 protected:
  void count_map();

  /// The last map was undone.
  virtual void on_unmapped() {}

 private:
  const VABufferType type_;
  const uint32_t element_bytes_;
  mutable Mutex mutex_;
  uint32_t elements_ MILLRACE_GUARDED_BY(mutex_);
  int maps_ MILLRACE_GUARDED_BY(mutex_) = 0;
};

/// Bytes from the client: parameters, packed headers, and whatever type we do not know.
class DataBuffer final : public Buffer {
 public:
  DataBuffer(VABufferType type, uint32_t element_bytes, uint32_t elements, const void* data);

  Result<void*> map() override;

  [[nodiscard]] std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

/// The bytes of an image: its own memory, or that of the surface it was derived from.
class ImageBuffer final : public Buffer {
 public:
  ImageBuffer(std::shared_ptr<FrameMemory> memory, std::shared_ptr<Surface> derived_from,
              uint32_t size);

  Result<void*> map() override;

  [[nodiscard]] FrameMemory& memory() const { return *memory_; }

  /// vaAcquireBufferHandle: a descriptor that stays ours and open until the last release.
  Result<int> acquire();
  Result<> release();
  ~ImageBuffer() override;

 private:
  void on_unmapped() override;

  const std::shared_ptr<FrameMemory> memory_;
  const std::shared_ptr<Surface> surface_;
  Mutex access_mutex_;
  std::unique_ptr<CpuAccess> access_ MILLRACE_GUARDED_BY(access_mutex_);  // While mapped.
  Mutex handle_mutex_;
  int handle_ MILLRACE_GUARDED_BY(handle_mutex_) = -1;
  int acquired_ MILLRACE_GUARDED_BY(handle_mutex_) = 0;
};

}  // namespace millrace::softva
