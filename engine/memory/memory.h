// SPDX-License-Identifier: MIT
// Memory: one block of bytes and the ways to reach it; ReadView and WriteView: the spans of time in
// which the CPU may touch it.
//
//   |<---------------- maxsize ---------------->|
//   |<- offset ->|<------- size ------->|
//
// Counted by Ref; destroyed with its last reference. The size may change only while the memory has
// one owner. A view records itself (engine/observe/stage_scope.h), keeps the memory alive, and for
// a dma-buf brackets the access with the cache operations that the kernel asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace {

enum class MemoryKind : uint8_t {
  host,
  memfd,
  dmabuf,
  device,  ///< a device's own, which its driver maps for each access; no descriptor
};

[[nodiscard]] MILLRACE_API std::string_view to_string(MemoryKind kind);

class ReadView;
class WriteView;

class MILLRACE_API Memory : public RefCounted {
 public:
  struct Facts {
    MemoryKind kind = MemoryKind::host;
    size_t maxsize = 0;
    size_t offset = 0;
    size_t size = 0;
    size_t align = 1;         ///< of the first visible byte; a power of two
    FileIdentity identity{};  ///< of the file behind it; for host memory device 0 and its address
  };

  [[nodiscard]] MemoryKind kind() const { return facts_.kind; }

  [[nodiscard]] size_t maxsize() const { return facts_.maxsize; }

  [[nodiscard]] size_t offset() const { return facts_.offset; }

  [[nodiscard]] size_t size() const { return facts_.size; }

  [[nodiscard]] size_t align() const { return facts_.align; }

  [[nodiscard]] const FileIdentity& identity() const { return facts_.identity; }

  /// The file behind the memory, borrowed; -1 for host memory and a device's own.
  [[nodiscard]] virtual int fd() const { return -1; }

  /// Makes bytes [offset, offset + size) of the block the visible ones. The caller is the only
  /// owner of the buffer that holds this memory.
  [[nodiscard]] Result<> set_range(size_t offset, size_t size);

  /// The CPU may read, or read and write, the visible bytes while the view lives.
  [[nodiscard]] Result<ReadView> read();
  [[nodiscard]] Result<WriteView> write();

 protected:
  explicit Memory(const Facts& facts) : facts_(facts) {}

  /// The start of the whole block, mapped for the CPU. Asked for within an access; stays mapped
  /// until the memory dies, or, where the offer says so, until the last access ends.
  virtual Result<std::byte*> address() = 0;

  /// Before and after each CPU access, which may overlap; a dma-buf does its DMA_BUF_IOCTL_SYNC
  /// here.
  virtual Result<> begin_cpu_access(bool /*write*/) { return {}; }

  virtual void end_cpu_access(bool /*write*/) noexcept {}

  Facts facts_;

 private:
  friend class CpuView;
};

/// What ReadView and WriteView have in common. Move-only; ends the access when it dies.
class MILLRACE_API CpuView {
 public:
  CpuView(CpuView&& other) noexcept;
  CpuView& operator=(CpuView&&) = delete;
  ~CpuView();

 protected:
  static Result<CpuView> open(Memory& memory, bool write);

  CpuView(Ref<Memory> memory, std::span<std::byte> bytes, bool write)
      : memory_(std::move(memory)), bytes_(bytes), write_(write) {}

  Ref<Memory> memory_;
  std::span<std::byte> bytes_;
  bool write_;
  friend class Memory;
};

class MILLRACE_API ReadView : public CpuView {
 public:
  explicit ReadView(CpuView view) : CpuView(std::move(view)) {}

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
};

class MILLRACE_API WriteView : public CpuView {
 public:
  explicit WriteView(CpuView view) : CpuView(std::move(view)) {}

  [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
};

}  // namespace millrace
