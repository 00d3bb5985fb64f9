// SPDX-License-Identifier: MIT
// FrameMemory: the bytes of a surface or an image, always behind a file descriptor, so that they
// can be exported; or somebody else's, imported by theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <sys/types.h>

#include "engine/base/mutex.h"
#include "engine/base/result.h"

namespace millrace::softva {

/// Which file the bytes are in: fd numbers do not tell one buffer from another.
struct FileNumbers {
  uint64_t device = 0;
  uint64_t inode = 0;
};

/// What a file can never become another of, asked once.
struct FileKind {
  bool is_dma_buf = false;
  bool may_shrink = true;
};

/// Thread-safe; the bytes themselves are the client's to order.
class FrameMemory {
 public:
  /// A memfd of at least `bytes`, zeroed, sealed against shrinking.
  static Result<std::shared_ptr<FrameMemory>> allocate(size_t bytes);

  /// The file behind `fd` (borrowed for the call), of at least `bytes`, mapped for reading.
  static Result<std::shared_ptr<FrameMemory>> import(int fd, size_t bytes);

  FrameMemory(const FrameMemory&) = delete;
  FrameMemory& operator=(const FrameMemory&) = delete;
  ~FrameMemory();

  [[nodiscard]] const uint8_t* data() const { return readable_; }

  [[nodiscard]] size_t size() const { return size_; }

  /// The same bytes for writing. Refused where the importer's descriptor is read-only.
  Result<uint8_t*> writable();

  /// A new descriptor, the caller's to close: a dma-buf where the kernel wraps memfds, else the
  /// memfd itself.
  Result<int> export_fd();

  /// The file that an exported descriptor names, or the imported one.
  [[nodiscard]] FileNumbers file() const;
  [[nodiscard]] bool is_dma_buf() const;

  /// False once somebody has shortened an imported file: reading on would be a SIGBUS.
  [[nodiscard]] bool is_whole() const;

  /// Borrowed: the memfd or the imported descriptor.
  [[nodiscard]] int fd() const { return fd_; }

  [[nodiscard]] FileKind kind() const { return kind_; }

 private:
  FrameMemory(int fd, size_t size, FileKind kind) : fd_(fd), size_(size), kind_(kind) {}

  Result<> map_readable();
  void wrap_as_dma_buf() MILLRACE_REQUIRES(mutex_);

  const int fd_;
  const size_t size_;
  const FileKind kind_;
  const uint8_t* readable_ = nullptr;
  mutable Mutex mutex_;
  uint8_t* writable_ MILLRACE_GUARDED_BY(mutex_) = nullptr;
  int dma_buf_ MILLRACE_GUARDED_BY(mutex_) = -1;
};

/// Tells a dma-buf's exporter that the CPU reads or writes between construction and destruction.
/// Files that are no dma-buf need no telling.
class CpuAccess {
 public:
  enum class Kind : uint8_t { read, write };

  CpuAccess(const FrameMemory& memory, Kind kind);
  CpuAccess(const CpuAccess&) = delete;
  CpuAccess& operator=(const CpuAccess&) = delete;
  ~CpuAccess();

 private:
  int fd_;  ///< -1: nobody to tell
  uint64_t flags_;
};

}  // namespace millrace::softva
