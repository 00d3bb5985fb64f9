// SPDX-License-Identifier: MIT
// An own surface by an image that is derived from it for each CPU window and destroyed behind it.
#include <span>
#include <utility>

#include "engine/base/mutex.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/observe/witness.h"
#include "hw/vaapi/image.h"
#include "hw/vaapi/mapped_file.h"
#include "hw/vaapi/own_surface.h"

namespace millrace::vaapi {
namespace {

/// Windows may overlap: the first derives, the last destroys. While it does either it holds its own
/// lock and, inside, the display's, which is taken in this order only.
class DerivedMemory final : public SurfaceMemory {
 public:
  DerivedMemory(const Facts& facts, const SharedDisplay& display, Surface surface, SurfaceSize size,
                const Layout& layout)
      : SurfaceMemory(facts, std::move(surface), layout), display_(display), size_(size) {}

 protected:
  Result<std::byte*> address() override {
    const Lock lock(mutex_);
    return mapped_.data();
  }

  Result<> begin_cpu_access(bool write) override {
    const Lock lock(mutex_);
    if (windows_ == 0) MILLRACE_TRY(map());
    written_ |= write;
    ++windows_;
    return {};
  }

  void end_cpu_access(bool /*write*/) noexcept override {
    const Lock lock(mutex_);
    if (--windows_ > 0) return;
    observe::witness::frame_memory_unmapped(mapped_.data());
    mapped_ = {};
    note_end(image_.unmap(), std::exchange(written_, false));
    const Image destroyed = std::move(image_);
  }

 private:
  Result<> map() MILLRACE_REQUIRES(mutex_) {
    Image image = MILLRACE_TRY(Image::derive(display_, surface().id(), size_));
    if (image.layout() != layout()) {
      return fail(ErrorKind::internal, "derive an image of a surface: it has moved its planes");
    }
    mapped_ = MILLRACE_TRY(image.map());
    image_ = std::move(image);
    observe::witness::frame_memory_mapped(mapped_.data(), mapped_.size());
    return {};
  }

  SharedDisplay display_;
  const SurfaceSize size_;
  Mutex mutex_;
  Image image_ MILLRACE_GUARDED_BY(mutex_);
  std::span<std::byte> mapped_ MILLRACE_GUARDED_BY(mutex_);
  uint32_t windows_ MILLRACE_GUARDED_BY(mutex_) = 0;
  bool written_ MILLRACE_GUARDED_BY(mutex_) = false;
};

}  // namespace

Result<Ref<SurfaceMemory>> reach_by_derived_image(const SharedDisplay& display, Surface surface,
                                                  SurfaceSize size) {
  Image image = MILLRACE_TRY(Image::derive(display, surface.id(), size));
  const std::span<std::byte> bytes = MILLRACE_TRY(image.map());
  MILLRACE_TRY(check_mapped(bytes, Access::write));
  const size_t page = MILLRACE_TRY(whole_pages(1));
  const bool at_page = reinterpret_cast<uintptr_t>(bytes.data()) % page == 0;
  const FileBehind file = MILLRACE_TRY(file_mapped_at(bytes.data()));
  const Memory::Facts facts{.kind = MemoryKind::device,
                            .maxsize = bytes.size(),
                            .size = bytes.size(),
                            .align = at_page ? page : 1,
                            .identity = file.identity};
  Ref<SurfaceMemory> made =
      make_ref<DerivedMemory>(facts, display, std::move(surface), size, image.layout());
  made->set_may_be_staged(file.of_device);
  return made;
}

}  // namespace millrace::vaapi
