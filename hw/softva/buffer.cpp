// SPDX-License-Identifier: MIT
#include "hw/softva/buffer.h"

#include <cstring>
#include <string>

#include <unistd.h>

#include "hw/softva/refusal.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

uint32_t Buffer::elements() const {
  Lock lock(mutex_);
  return elements_;
}

Result<> Buffer::unmap() {
  Lock lock(mutex_);
  if (maps_ == 0) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
  if (--maps_ == 0) on_unmapped();
  return {};
}

bool Buffer::mapped() const {
  Lock lock(mutex_);
  return maps_ > 0;
}

Result<> Buffer::set_elements(uint32_t elements) {
  Lock lock(mutex_);
  if (elements == 0 || elements > elements_) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
  elements_ = elements;
  return {};
}

void Buffer::count_map() {
  Lock lock(mutex_);
  ++maps_;
}

DataBuffer::DataBuffer(VABufferType type, uint32_t element_bytes, uint32_t elements,
                       const void* data)
    : Buffer(type, element_bytes, elements), bytes_(size_t{element_bytes} * elements) {
  if (data != nullptr) std::memcpy(bytes_.data(), data, bytes_.size());
}

Result<void*> DataBuffer::map() {
  count_map();
  return bytes_.data();
}

ImageBuffer::ImageBuffer(std::shared_ptr<FrameMemory> memory, std::shared_ptr<Surface> derived_from,
                         uint32_t size)
    : Buffer(VAImageBufferType, size, 1),
      memory_(std::move(memory)),
      surface_(std::move(derived_from)) {
  if (surface_) ++surface_->derived_images;
}

ImageBuffer::~ImageBuffer() {
  if (surface_) --surface_->derived_images;
  if (handle_ >= 0) close(handle_);
}

Result<void*> ImageBuffer::map() {
  if (surface_) surface_->pending.wait();
  uint8_t* const bytes = MILLRACE_TRY(memory_->writable());
  {
    Lock lock(access_mutex_);
    if (!access_) access_ = std::make_unique<CpuAccess>(*memory_, CpuAccess::Kind::write);
  }
  count_map();
  return bytes;
}

void ImageBuffer::on_unmapped() {
  Lock lock(access_mutex_);
  access_.reset();
}

Result<int> ImageBuffer::acquire() {
  Lock lock(handle_mutex_);
  if (acquired_ == 0) handle_ = MILLRACE_TRY(memory_->export_fd());
  ++acquired_;
  return handle_;
}

Result<> ImageBuffer::release() {
  Lock lock(handle_mutex_);
  if (acquired_ == 0) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
  if (--acquired_ == 0) {
    close(handle_);
    handle_ = -1;
  }
  return {};
}

}  // namespace millrace::softva
