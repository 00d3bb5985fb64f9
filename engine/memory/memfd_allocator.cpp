// SPDX-License-Identifier: MIT
#include "engine/memory/memfd_allocator.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/base/mapping.h"
#include "engine/base/recycler.h"
#include "engine/observe/witness.h"

namespace millrace {
namespace {

class MemfdMemory final : public Memory, public Recycled {
 public:
  MemfdMemory(UniqueFd fd, Mapping mapping, const Facts& facts)
      : Memory(facts), fd_(std::move(fd)), mapping_(std::move(mapping)) {
    if (!facts.flags.not_mappable) set_mapped(mapping_.data());
    observe::witness::frame_memory_mapped(mapping_.data(), mapping_.size());
  }

  ~MemfdMemory() override { observe::witness::frame_memory_unmapped(mapping_.data()); }

  [[nodiscard]] int fd() const override { return fd_.get(); }

 protected:
  Result<std::byte*> address() override { return mapping_.data(); }

 private:
  UniqueFd fd_;
  Mapping mapping_;
};

}  // namespace

Result<size_t> whole_pages(size_t size) {
  static const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const auto rounded = checked_round_up(size, page);
  if (!rounded) {
    return fail(ErrorKind::internal,
                fmt::format("round {} bytes up to whole pages: too large", size));
  }
  return *rounded;
}

Result<UniqueFd> create_sealed_memfd(size_t size) {
  UniqueFd fd(::memfd_create("millrace-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return fail_errno("create a memfd", errno, "Raise the limit of open files (ulimit -n).");
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
    return fail_errno(fmt::format("make a memfd of {} bytes", size), errno,
                      "Use fewer --buffers or a smaller --size.");
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
    return fail_errno("seal a memfd", errno);
  }
  return fd;
}

Result<PagePlacement> place_in_pages(size_t size, const AllocationParams& params) {
  const size_t page = MILLRACE_TRY(whole_pages(1));
  if (params.align > page) {
    return fail(ErrorKind::internal,
                fmt::format("allocate pages aligned to {} bytes: a mapping starts on a page of {}",
                            params.align, page));
  }
  const size_t prefix =
      MILLRACE_TRY(block_size(params.prefix, {.align = params.align, .flags = params.flags}));
  const size_t offset = prefix & ~(params.align - 1);
  const AllocationParams around{.align = 1, .prefix = offset, .padding = params.padding};
  const size_t needed = MILLRACE_TRY(block_size(size, around));
  const size_t total = MILLRACE_TRY(whole_pages(std::max<size_t>(needed, 1)));
  return PagePlacement{offset, total};
}

Result<Ref<Memory>> MemfdAllocator::allocate(size_t size, const AllocationParams& params) {
  const PagePlacement place = MILLRACE_TRY(place_in_pages(size, params));
  UniqueFd fd = MILLRACE_TRY(create_sealed_memfd(place.total));
  Mapping mapping =
      MILLRACE_TRY(Mapping::create(fd.get(), place.total, Mapping::Access::read_write));
  // The pages of a new file are zero, so every flag that promises zeros is kept.
  const Memory::Facts facts{.kind = MemoryKind::memfd,
                            .flags = params.flags,
                            .maxsize = place.total,
                            .offset = place.offset,
                            .size = size,
                            .align = params.align,
                            .identity = MILLRACE_TRY(identify(fd.get()))};
  return Ref<Memory>(make_ref<MemfdMemory>(std::move(fd), std::move(mapping), facts));
}

}  // namespace millrace
