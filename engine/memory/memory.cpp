// SPDX-License-Identifier: MIT
#include "engine/memory/memory.h"

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/observe/stage_scope.h"

namespace millrace {

std::string_view to_string(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::host:
      return "host";
    case MemoryKind::memfd:
      return "memfd";
    case MemoryKind::dmabuf:
      return "dma-buf";
    case MemoryKind::device:
      return "device";
  }
  return "?";
}

Result<> Memory::set_range(size_t offset, size_t size) {
  const auto end = checked_add(offset, size);
  if (!end || *end > facts_.maxsize) {
    return fail(ErrorKind::internal, fmt::format("resize memory to {} bytes at {}: it has {}", size,
                                                 offset, facts_.maxsize));
  }
  facts_.offset = offset;
  facts_.size = size;
  return {};
}

Result<ReadView> Memory::read() {
  return ReadView(MILLRACE_TRY(CpuView::open(*this, false)));
}

Result<WriteView> Memory::write() {
  return WriteView(MILLRACE_TRY(CpuView::open(*this, true)));
}

Result<CpuView> CpuView::open(Memory& memory, bool write) {
  MILLRACE_TRY(memory.begin_cpu_access(write));
  const Result<std::byte*> start = memory.address();
  if (!start) {
    memory.end_cpu_access(write);
    return fail(start.error());
  }
  observe::StageScope::record_window(memory.identity().inode, {.read = !write, .write = write});
  return CpuView(Ref<Memory>::share(&memory), {*start + memory.offset(), memory.size()}, write);
}

CpuView::CpuView(CpuView&& other) noexcept
    : memory_(std::move(other.memory_)), bytes_(other.bytes_), write_(other.write_) {}

CpuView::~CpuView() {
  if (memory_) memory_->end_cpu_access(write_);
}

}  // namespace millrace
