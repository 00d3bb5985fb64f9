// SPDX-License-Identifier: MIT
#include "hw/dmabuf/memory.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/base/log.h"
#include "engine/base/mapping.h"
#include "engine/base/recycler.h"
#include "engine/observe/witness.h"
#include "hw/dmabuf/cpu_sync.h"

namespace millrace::dmabuf {
namespace {

class DmabufMemory final : public Memory, public Recycled {
 public:
  DmabufMemory(UniqueFd fd, Mapping mapping, const Facts& facts)
      : Memory(facts), fd_(std::move(fd)), mapping_(std::move(mapping)) {
    observe::witness::frame_memory_mapped(mapping_.data(), mapping_.size());
  }

  ~DmabufMemory() override { observe::witness::frame_memory_unmapped(mapping_.data()); }

  [[nodiscard]] int fd() const override { return fd_.get(); }

 protected:
  Result<std::byte*> address() override { return mapping_.data(); }

  Result<> begin_cpu_access(bool write) override {
    return sync_cpu_access(fd_.get(), Edge::begin, write);
  }

  void end_cpu_access(bool write) noexcept override {
    const Result<> ended = sync_cpu_access(fd_.get(), Edge::end, write);
    if (!ended) log::error("dmabuf", ended.error().what);
  }

 private:
  UniqueFd fd_;
  Mapping mapping_;
};

/// For reading and writing, or, where that is refused, for reading alone.
Result<Mapping> map_as_far_as_allowed(int dmabuf, size_t size, MemoryFlags& flags) {
  if (!flags.read_only) {
    Result<Mapping> mapping = Mapping::create(dmabuf, size, Mapping::Access::read_write);
    if (mapping || mapping.error().kind != ErrorKind::denied) return mapping;
    flags.read_only = true;
  }
  return Mapping::create(dmabuf, size, Mapping::Access::read);
}

}  // namespace

bool is_dmabuf(int fd) {
  struct statfs facts = {};
  return ::fstatfs(fd, &facts) == 0 && facts.f_type == DMA_BUF_MAGIC;
}

Result<Ref<Memory>> import_memory(UniqueFd dmabuf, const MemoryRange& range) {
  const auto end = checked_add(range.offset, range.size);
  if (!end || *end > range.maxsize) {
    return fail(ErrorKind::internal, fmt::format("map {} bytes at {} of a dma-buf: it has {}",
                                                 range.size, range.offset, range.maxsize));
  }
  MemoryFlags flags = range.flags;
  Mapping mapping = MILLRACE_TRY(map_as_far_as_allowed(dmabuf.get(), range.maxsize, flags));
  const Memory::Facts facts{.kind = MemoryKind::dmabuf,
                            .type = range.type,
                            .flags = flags,
                            .maxsize = range.maxsize,
                            .offset = range.offset,
                            .size = range.size,
                            .align = range.align,
                            .identity = MILLRACE_TRY(identify(dmabuf.get()))};
  return Ref<Memory>(make_ref<DmabufMemory>(std::move(dmabuf), std::move(mapping), facts));
}

}  // namespace millrace::dmabuf
