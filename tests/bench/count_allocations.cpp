// SPDX-License-Identifier: MIT
// Preloaded into a program: counts its heap allocations and writes the number to the file named by
// MILLRACE_ALLOCATIONS_TO when the program ends, if there is one. The program itself may ask for
// the number so far.
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

// glibc's own entry points, below the names that are replaced here.
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

std::atomic<unsigned long> allocations{0};

void count() {
  allocations.fetch_add(1, std::memory_order_relaxed);
}

__attribute__((destructor)) void report() {
  const char* path = std::getenv("MILLRACE_ALLOCATIONS_TO");
  const int fd = path != nullptr ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  if (fd < 0) return;
  dprintf(fd, "%lu\n", allocations.load());
  close(fd);
}

}  // namespace

#define REPLACES extern "C" __attribute__((visibility("default")))

REPLACES unsigned long heap_allocations_so_far() {
  return allocations.load(std::memory_order_relaxed);
}

REPLACES void* malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

REPLACES void* calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

REPLACES void* realloc(void* old, size_t size) {
  count();
  return __libc_realloc(old, size);
}

REPLACES void* memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

REPLACES void* aligned_alloc(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

REPLACES int posix_memalign(void** out, size_t alignment, size_t size) {
  count();
  *out = __libc_memalign(alignment, size);
  return *out != nullptr ? 0 : ENOMEM;
}
