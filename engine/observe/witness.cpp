// SPDX-License-Identifier: MIT
#include "engine/observe/witness.h"

// A preloaded witness defines these; nobody else does.
extern "C" {
__attribute__((weak)) void millrace_witness_mapped(const void* address, size_t size);
__attribute__((weak)) void millrace_witness_unmapped(const void* address);
__attribute__((weak)) void millrace_witness_transform(int entering);
__attribute__((weak)) uint64_t millrace_witness_bytes_read(void);
}

namespace millrace::observe::witness {

bool present() {
  return millrace_witness_bytes_read != nullptr;
}

void frame_memory_mapped(const void* address, size_t size) {
  if (millrace_witness_mapped) millrace_witness_mapped(address, size);
}

void frame_memory_unmapped(const void* address) {
  if (millrace_witness_unmapped) millrace_witness_unmapped(address);
}

void enter_transform() {
  if (millrace_witness_transform) millrace_witness_transform(1);
}

void leave_transform() {
  if (millrace_witness_transform) millrace_witness_transform(0);
}

uint64_t bytes_read() {
  return millrace_witness_bytes_read ? millrace_witness_bytes_read() : 0;
}

}  // namespace millrace::observe::witness
