// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/export_calls.h"

#include <utility>

#include <dlfcn.h>

namespace {

std::vector<millrace::vaapi::testing::ExportCall>& seen() {
  static std::vector<millrace::vaapi::testing::ExportCall> calls;
  return calls;
}

}  // namespace

namespace millrace::vaapi::testing {

std::vector<ExportCall> take_export_calls() {
  return std::exchange(seen(), {});
}

}  // namespace millrace::vaapi::testing

extern "C" __attribute__((visibility("default"))) VAStatus vaExportSurfaceHandle(
    VADisplay display, VASurfaceID surface, uint32_t memory_type, uint32_t flags,
    void* descriptor) {
  using Function = decltype(&vaExportSurfaceHandle);
  static const auto libva = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "vaExportSurfaceHandle"));
  seen().push_back({surface, memory_type, flags});
  return libva(display, surface, memory_type, flags, descriptor);
}
