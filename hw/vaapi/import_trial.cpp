// SPDX-License-Identifier: MIT
#include "hw/vaapi/import_trial.h"

#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include <va/va_drmcommon.h>

#include "engine/base/checked.h"
#include "engine/memory/memfd_allocator.h"
#include "hw/dmabuf/udmabuf_allocator.h"
#include "hw/vaapi/marks.h"
#include "hw/vaapi/surface_import.h"

namespace millrace::vaapi {
namespace {

constexpr uint64_t macroblock = 16;

Provenance learned(std::string raw) {
  return {{}, {}, Origin::learned, std::move(raw), true};
}

Result<> write_marks(Memory& memory, const Layout& layout, const Marks& marks) {
  const WriteView view = MILLRACE_TRY(memory.write());
  return marks.write(view.bytes(), layout);
}

/// Written after the import: a driver that took a copy of it is found out, too.
Result<ReadBack> import_once(const SharedDisplay& display, Allocator& allocator, SurfaceSize size,
                             const LayoutFacts& facts) {
  const Layout layout = MILLRACE_TRY(importable_layout(size, facts));
  const Ref<Memory> memory = MILLRACE_TRY(allocator.allocate(layout.size, {}));
  const VideoMeta video{.width = size.width, .height = size.height, .layout = layout};
  const ImportSource source = MILLRACE_TRY(import_source({*memory, memory->offset()}, video));
  const Surface surface = MILLRACE_TRY(import_surface(display, source));
  const Marks marks(size);
  MILLRACE_TRY(write_marks(*memory, layout, marks));
  return marks.read_back(display, surface);
}

std::string in_words(const Result<ReadBack>& imported) {
  if (!imported) return imported.error().what;
  if (imported->obstacle.empty()) return "accepted, and read back by vaGetImage as written";
  return "accepted, not read back: " + imported->obstacle;
}

ImportTrial not_asked(std::string heap, const SurfaceCaps& caps) {
  const Provenance why = caps.memory_types.value
                             ? caps.memory_types.why
                             : queried("vaQuerySurfaceAttributes: no MemoryType");
  return {.heap = std::move(heap), .answer = why.raw + ", which is without PRIME_2", .why = why};
}

}  // namespace

Result<Layout> importable_layout(SurfaceSize size, const LayoutFacts& facts) {
  const auto stride =
      checked_round_up<uint64_t>(size.width, std::lcm(facts.stride_align.value, macroblock));
  const auto rows =
      checked_round_up<uint64_t>(size.height, std::lcm(facts.rows_align.value, macroblock));
  const auto luma = stride && rows ? checked_mul(*stride, *rows) : std::nullopt;
  const auto total = luma ? checked_add(*luma, *luma / 2) : std::nullopt;
  if (!total || *stride > UINT32_MAX || *rows > UINT32_MAX) {
    return fail(ErrorKind::usage,
                "lay out an NV12 picture: its size exceeds 64 bits, or its stride 32");
  }
  Layout layout;
  layout.coded_width = size.width;
  layout.coded_height = size.height;
  layout.plane[0] = {
      .offset = 0, .stride = static_cast<uint32_t>(*stride), .rows = static_cast<uint32_t>(*rows)};
  layout.plane[1] = {
      .offset = *luma, .stride = layout.plane[0].stride, .rows = layout.plane[0].rows / 2};
  layout.size = *total;
  return layout;
}

ImportTrial try_import(const SharedDisplay& display, Allocator& allocator, SurfaceSize size,
                       const LayoutFacts& facts) {
  const std::string act = "trial import of " + std::to_string(size.width) + "x" +
                          std::to_string(size.height) + " NV12 from " +
                          std::string(allocator.heap()) + ": ";
  const Result<ReadBack> imported = import_once(display, allocator, size, facts);
  const std::string answer = in_words(imported);
  return {.heap = std::string(allocator.heap()),
          .passed = imported.has_value(),
          .answer = answer,
          .why = learned(act + answer),
          .not_read_back = imported ? imported->obstacle : std::string()};
}

std::vector<ImportTrial> try_imports(const SharedDisplay& display, const SurfaceCaps& caps,
                                     SurfaceSize size, const LayoutFacts& facts) {
  std::vector<ImportTrial> trials;
  const bool may_import = caps.takes_memory(VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2);
  const auto add = [&](Allocator& allocator) {
    trials.push_back(may_import ? try_import(display, allocator, size, facts)
                                : not_asked(std::string(allocator.heap()), caps));
  };
  const Result<std::unique_ptr<Allocator>> udmabuf = dmabuf::UdmabufAllocator::create();
  if (udmabuf) {
    add(**udmabuf);
  } else if (may_import) {
    const Error& error = udmabuf.error();
    trials.push_back({.heap = "udmabuf",
                      .answer = error.what,
                      .why = queried(error.what),
                      .remedy = error.remedy});
  }
  MemfdAllocator memfd;
  add(memfd);
  static_cast<void>(display->take_driver_words());  // of failures that were expected
  return trials;
}

}  // namespace millrace::vaapi
