// SPDX-License-Identifier: MIT
#include "engine/base/mapping.h"

#include <cerrno>
#include <string>

#include <sys/mman.h>

namespace millrace {

Result<Mapping> Mapping::create(int fd, size_t size, Access access) {
  const int protection = access == Access::read ? PROT_READ : PROT_READ | PROT_WRITE;
  void* address = ::mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    return fail_errno("map " + std::to_string(size) + " bytes of fd " + std::to_string(fd), errno);
  }
  return Mapping(static_cast<std::byte*>(address), size);
}

Mapping::~Mapping() {
  if (data_) ::munmap(data_, size_);
}

}  // namespace millrace
