// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/export_calls.h"

#include <utility>

#include <dlfcn.h>
#include <unistd.h>
#include <va/va_drmcommon.h>

namespace {

std::vector<millrace::vaapi::testing::ExportCall>& seen() {
  static std::vector<millrace::vaapi::testing::ExportCall> calls;
  return calls;
}

bool in_two = false;

/// The same file twice, a descriptor for each plane.
void split(VADRMPRIMESurfaceDescriptor& described) {
  described.objects[1] = described.objects[0];
  described.objects[1].fd = ::dup(described.objects[0].fd);
  described.num_objects = 2;
  described.layers[1].object_index[0] = 1;
}

}  // namespace

namespace millrace::vaapi::testing {

std::vector<ExportCall> take_export_calls() {
  return std::exchange(seen(), {});
}

void export_in_two_descriptors(bool wanted) {
  in_two = wanted;
}

}  // namespace millrace::vaapi::testing

extern "C" __attribute__((visibility("default"))) VAStatus vaExportSurfaceHandle(
    VADisplay display, VASurfaceID surface, uint32_t memory_type, uint32_t flags,
    void* descriptor) {
  using Function = decltype(&vaExportSurfaceHandle);
  static const auto libva = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "vaExportSurfaceHandle"));
  seen().push_back({surface, memory_type, flags});
  const VAStatus status = libva(display, surface, memory_type, flags, descriptor);
  if (in_two && status == VA_STATUS_SUCCESS) {
    split(*static_cast<VADRMPRIMESurfaceDescriptor*>(descriptor));
  }
  return status;
}
