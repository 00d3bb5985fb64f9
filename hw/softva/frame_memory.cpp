// SPDX-License-Identifier: MIT
#include "hw/softva/frame_memory.h"

#include <cstring>
#include <string>

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/magic.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "engine/base/checked.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_errno(VAStatus status, const std::string& act) {
  return refuse(status, act + ": " + strerrordesc_np(errno));
}

bool is_dma_buf_file(int fd) {
  struct statfs facts = {};
  return fstatfs(fd, &facts) == 0 && facts.f_type == DMA_BUF_MAGIC;
}

FileKind kind_of(int fd) {
  if (is_dma_buf_file(fd)) return {.is_dma_buf = true, .may_shrink = false};
  const int seals = fcntl(fd, F_GET_SEALS);
  return {.may_shrink = seals < 0 || (seals & F_SEAL_SHRINK) == 0};
}

/// What the file can hold. A dma-buf tells it by seeking only; another file's offset is its
/// owner's.
off_t file_size(int fd, FileKind kind) {
  struct stat facts = {};
  if (kind.is_dma_buf) return lseek(fd, 0, SEEK_END);
  return fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) ? facts.st_size : -1;
}

}  // namespace

Result<std::shared_ptr<FrameMemory>> FrameMemory::allocate(size_t bytes) {
  const auto rounded = checked_round_up(bytes, static_cast<size_t>(sysconf(_SC_PAGESIZE)));
  if (!rounded || *rounded > static_cast<size_t>(INT64_MAX))
    return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
  const int fd = memfd_create("millrace-va", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return refuse_errno(VA_STATUS_ERROR_ALLOCATION_FAILED, "create a memfd");
  std::shared_ptr<FrameMemory> memory(new FrameMemory(fd, *rounded, {.may_shrink = false}));
  if (ftruncate(fd, static_cast<off_t>(*rounded)) != 0)
    return refuse_errno(VA_STATUS_ERROR_ALLOCATION_FAILED,
                        "size a memfd of " + std::to_string(*rounded) + " bytes");
  // An importer that could shrink the file would make our reads of it a SIGBUS.
  if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
    return refuse_errno(VA_STATUS_ERROR_ALLOCATION_FAILED, "seal a memfd");
  MILLRACE_TRY(memory->map_readable());
  return memory;
}

Result<std::shared_ptr<FrameMemory>> FrameMemory::import(int fd, size_t bytes) {
  const int own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own_fd < 0) {
    const bool exhausted = errno == EMFILE || errno == ENFILE;
    return refuse_errno(
        exhausted ? VA_STATUS_ERROR_ALLOCATION_FAILED : VA_STATUS_ERROR_INVALID_PARAMETER,
        "import fd " + std::to_string(fd));
  }
  const FileKind kind = kind_of(own_fd);
  const off_t size = file_size(own_fd, kind);
  std::shared_ptr<FrameMemory> memory(
      new FrameMemory(own_fd, size < 0 ? 0 : static_cast<size_t>(size), kind));
  if (size <= 0)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "import fd " + std::to_string(fd) + ": it is neither a dma-buf nor a memfd");
  if (memory->size_ < bytes)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "import fd " + std::to_string(fd) + ": it has " + std::to_string(size) +
                      " bytes, the planes end at " + std::to_string(bytes));
  MILLRACE_TRY(memory->map_readable());
  return memory;
}

FrameMemory::~FrameMemory() {
  if (writable_ != nullptr) munmap(writable_, size_);
  if (readable_ != nullptr) munmap(const_cast<uint8_t*>(readable_), size_);
  if (dma_buf_ >= 0) close(dma_buf_);
  close(fd_);
}

Result<> FrameMemory::map_readable() {
  void* const mapped = mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd_, 0);
  if (mapped == MAP_FAILED)
    return refuse_errno(errno == ENOMEM || errno == EAGAIN ? VA_STATUS_ERROR_ALLOCATION_FAILED
                                                           : VA_STATUS_ERROR_INVALID_PARAMETER,
                        "map " + std::to_string(size_) + " bytes of a surface for reading");
  readable_ = static_cast<const uint8_t*>(mapped);
  return {};
}

Result<uint8_t*> FrameMemory::writable() {
  Lock lock(mutex_);
  if (writable_ == nullptr) {
    void* const mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
    if (mapped == MAP_FAILED)
      return refuse_errno(errno == EACCES || errno == EPERM ? VA_STATUS_ERROR_OPERATION_FAILED
                                                            : VA_STATUS_ERROR_ALLOCATION_FAILED,
                          "map " + std::to_string(size_) + " bytes of a surface for writing");
    writable_ = static_cast<uint8_t*>(mapped);
  }
  return writable_;
}

void FrameMemory::wrap_as_dma_buf() {
  if (dma_buf_ >= 0 || kind_.is_dma_buf) return;
  const int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
  if (device < 0) return;
  udmabuf_create request = {};
  request.memfd = static_cast<uint32_t>(fd_);
  request.flags = UDMABUF_FLAGS_CLOEXEC;
  request.size = size_;
  dma_buf_ = ioctl(device, UDMABUF_CREATE, &request);
  close(device);
}

Result<int> FrameMemory::export_fd() {
  Lock lock(mutex_);
  wrap_as_dma_buf();
  const int copy = fcntl(dma_buf_ >= 0 ? dma_buf_ : fd_, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return refuse_errno(VA_STATUS_ERROR_ALLOCATION_FAILED, "export a surface");
  return copy;
}

FileNumbers FrameMemory::file() const {
  Lock lock(mutex_);
  struct stat facts = {};
  fstat(dma_buf_ >= 0 ? dma_buf_ : fd_, &facts);
  return {facts.st_dev, facts.st_ino};
}

bool FrameMemory::is_whole() const {
  return !kind_.may_shrink || file_size(fd_, kind_) >= static_cast<off_t>(size_);
}

bool FrameMemory::is_dma_buf() const {
  Lock lock(mutex_);
  return dma_buf_ >= 0 || kind_.is_dma_buf;
}

CpuAccess::CpuAccess(const FrameMemory& memory, Kind kind)
    : fd_(memory.kind().is_dma_buf ? memory.fd() : -1),
      flags_(kind == Kind::read ? DMA_BUF_SYNC_READ : DMA_BUF_SYNC_READ | DMA_BUF_SYNC_WRITE) {
  const dma_buf_sync begin = {DMA_BUF_SYNC_START | flags_};
  if (fd_ >= 0) ioctl(fd_, DMA_BUF_IOCTL_SYNC, &begin);
}

CpuAccess::~CpuAccess() {
  const dma_buf_sync end = {DMA_BUF_SYNC_END | flags_};
  if (fd_ >= 0) ioctl(fd_, DMA_BUF_IOCTL_SYNC, &end);
}

}  // namespace millrace::softva
