// SPDX-License-Identifier: MIT
// An own surface by its file. Where that is a dma-buf, each access is bracketed by
// DMA_BUF_IOCTL_SYNC; the software driver on a machine without udmabuf gives a memfd.
#include <utility>

#include "engine/base/mapping.h"
#include "engine/memory/memfd_allocator.h"
#include "engine/observe/witness.h"
#include "hw/dmabuf/cpu_sync.h"
#include "hw/dmabuf/memory.h"
#include "hw/vaapi/own_surface.h"
#include "hw/vaapi/surface_export.h"

namespace millrace::vaapi {
namespace {

using dmabuf::Edge;

class ExportedMemory final : public SurfaceMemory {
 public:
  ExportedMemory(const Facts& facts, Surface surface, ExportedSurface exported, Mapping mapping)
      : SurfaceMemory(facts, std::move(surface), exported.layout),
        fd_(std::move(exported.object)),
        mapping_(std::move(mapping)) {
    observe::witness::frame_memory_mapped(mapping_.data(), mapping_.size());
  }

  ~ExportedMemory() override { observe::witness::frame_memory_unmapped(mapping_.data()); }

  [[nodiscard]] int fd() const override { return fd_.get(); }

 protected:
  Result<std::byte*> address() override { return mapping_.data(); }

  Result<> begin_cpu_access(bool write) override {
    if (kind() != MemoryKind::dmabuf) return {};
    return dmabuf::sync_cpu_access(fd_.get(), Edge::begin, write);
  }

  void end_cpu_access(bool write) noexcept override {
    if (kind() != MemoryKind::dmabuf) return;
    note_end(dmabuf::sync_cpu_access(fd_.get(), Edge::end, write), write);
  }

 private:
  UniqueFd fd_;
  Mapping mapping_;
};

}  // namespace

Result<Ref<SurfaceMemory>> reach_by_export(const SharedDisplay& display, Surface surface,
                                           SurfaceSize size) {
  ExportedSurface exported =
      MILLRACE_TRY(export_surface(display, surface, size, VA_EXPORT_SURFACE_WRITE_ONLY));
  Mapping mapping = MILLRACE_TRY(
      Mapping::create(exported.object.get(), exported.size, Mapping::Access::read_write));
  const bool is_dmabuf = dmabuf::is_dmabuf(exported.object.get());
  const Memory::Facts facts{.kind = is_dmabuf ? MemoryKind::dmabuf : MemoryKind::memfd,
                            .maxsize = exported.size,
                            .size = exported.size,
                            .align = MILLRACE_TRY(whole_pages(1)),
                            .identity = MILLRACE_TRY(identify(exported.object.get()))};
  return Ref<SurfaceMemory>(
      make_ref<ExportedMemory>(facts, std::move(surface), std::move(exported), std::move(mapping)));
}

}  // namespace millrace::vaapi
