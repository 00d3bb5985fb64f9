// SPDX-License-Identifier: MIT
#include "engine/memory/wrapped_memory.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdint>

#include <sys/stat.h>

#include <fmt/format.h>

#include "engine/base/mapping.h"
#include "engine/base/recycler.h"
#include "engine/observe/witness.h"

namespace millrace {
namespace {

/// Calls `release` when it goes. A first member, so that it goes last.
class Owner {
 public:
  explicit Owner(std::function<void()> release) : release_(std::move(release)) {}

  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;

  ~Owner() {
    if (release_) release_();
  }

 private:
  std::function<void()> release_;
};

class WrappedMemory final : public Memory, public Recycled {
 public:
  WrappedMemory(std::byte* start, std::function<void()> release, const Facts& facts)
      : Memory(facts), owner_(std::move(release)), start_(start) {
    if (!facts.flags.not_mappable) set_mapped(start);
  }

 protected:
  Result<std::byte*> address() override { return start_; }

 private:
  Owner owner_;
  std::byte* start_;
};

/// A file: borrowed, or owned.
struct File {
  int number = -1;
  UniqueFd owned{};
};

class FileMemory final : public Memory, public Recycled {
 public:
  FileMemory(File file, Mapping mapping, std::function<void()> release, const Facts& facts)
      : Memory(facts),
        owner_(std::move(release)),
        file_(std::move(file)),
        mapping_(std::move(mapping)) {
    if (!facts.flags.not_mappable) set_mapped(mapping_.data());
    observe::witness::frame_memory_mapped(mapping_.data(), mapping_.size());
  }

  ~FileMemory() override { observe::witness::frame_memory_unmapped(mapping_.data()); }

  [[nodiscard]] int fd() const override { return file_.number; }

 protected:
  Result<std::byte*> address() override { return mapping_.data(); }

 private:
  Owner owner_;
  File file_;
  Mapping mapping_;
};

/// The largest power of two that an address is a multiple of.
size_t alignment_of(const std::byte* address) {
  return size_t{1} << std::countr_zero(reinterpret_cast<uintptr_t>(address));
}

/// Range, flags and alignment of the visible bytes of a block.
Result<MemoryFacts> describe(const std::byte* start, size_t maxsize, const WrapParams& params) {
  const size_t rest = maxsize - std::min(params.offset, maxsize);
  if (!start || params.offset > maxsize || params.size.value_or(rest) > rest) {
    return fail(ErrorKind::internal,
                fmt::format("wrap {} bytes at {} of a block: it has {}", params.size.value_or(rest),
                            params.offset, start ? maxsize : 0));
  }
  const size_t align = alignment_of(start + params.offset);
  const size_t said = params.align == 0 ? align : params.align;
  if (!std::has_single_bit(said) || said > align) {
    return fail(ErrorKind::internal,
                fmt::format("wrap a block as aligned to {} bytes: it lies at {}", said,
                            fmt::ptr(start + params.offset)));
  }
  return MemoryFacts{.flags = params.flags,
                     .maxsize = maxsize,
                     .offset = params.offset,
                     .size = params.size.value_or(rest),
                     .align = said};
}

Result<size_t> size_of_file(int file) {
  struct stat facts = {};
  if (::fstat(file, &facts) != 0) {
    return fail_errno(fmt::format("look at fd {} to wrap it", file), errno);
  }
  if (!S_ISREG(facts.st_mode)) {
    return fail(ErrorKind::usage, fmt::format("wrap fd {}: it is no file of bytes", file),
                "Import it by the API that it is of; a dma-buf by dmabuf::import_memory.");
  }
  return static_cast<size_t>(facts.st_size);
}

Result<Ref<Memory>> wrap(File file, WrapParams params) {
  const size_t size = MILLRACE_TRY(size_of_file(file.number));
  const auto access = params.flags.read_only ? Mapping::Access::read : Mapping::Access::read_write;
  Mapping mapping = MILLRACE_TRY(Mapping::create(file.number, size, access));
  MemoryFacts facts = MILLRACE_TRY(describe(mapping.data(), size, params));
  facts.kind = MemoryKind::memfd;
  facts.type = "file";
  facts.identity = MILLRACE_TRY(identify(file.number));
  return Ref<Memory>(
      make_ref<FileMemory>(std::move(file), std::move(mapping), std::move(params.release), facts));
}

}  // namespace

Result<Ref<Memory>> wrap_memory(std::span<std::byte> block, WrapParams params) {
  MemoryFacts facts = MILLRACE_TRY(describe(block.data(), block.size(), params));
  facts.kind = MemoryKind::host;
  facts.type = "wrapped";
  facts.identity = {0, reinterpret_cast<uintptr_t>(block.data())};
  return Ref<Memory>(make_ref<WrappedMemory>(block.data(), std::move(params.release), facts));
}

Result<Ref<Memory>> wrap_constant(std::span<const std::byte> block, WrapParams params) {
  params.flags.read_only = true;
  // Nobody writes through it: a read-only memory opens no WriteView.
  auto* const start = const_cast<std::byte*>(block.data());
  return wrap_memory({start, block.size()}, std::move(params));
}

Result<Ref<Memory>> wrap_file(UniqueFd file, WrapParams params) {
  const int number = file.get();
  return wrap({number, std::move(file)}, std::move(params));
}

Result<Ref<Memory>> wrap_borrowed_file(int file, WrapParams params) {
  return wrap({file, {}}, std::move(params));
}

}  // namespace millrace
