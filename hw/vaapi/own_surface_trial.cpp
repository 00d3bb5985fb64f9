// SPDX-License-Identifier: MIT
#include "hw/vaapi/own_surface_trial.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "hw/vaapi/marks.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

struct Tried {
  Ref<SurfaceMemory> memory;
  std::string obstacle;  ///< to reading it back
};

Result<> write_marks(SurfaceMemory& memory, const Marks& marks) {
  const WriteView view = MILLRACE_TRY(memory.write());
  return marks.write(view.bytes(), memory.layout());
}

Result<Tried> try_reach(const SharedDisplay& display, SurfaceSize size, Reach reach) {
  Ref<SurfaceMemory> memory = MILLRACE_TRY(SurfaceMemory::create(display, size, reach));
  const Marks marks(size);
  MILLRACE_TRY(write_marks(*memory, marks));
  MILLRACE_TRY(memory->check_arrived());
  ReadBack back = MILLRACE_TRY(marks.read_back(display, memory->surface()));
  return Tried{std::move(memory), std::move(back.obstacle)};
}

Provenance learned(std::string raw) {
  return {{}, {}, Origin::learned, std::move(raw), true};
}

std::string in_words(const Tried& tried) {
  const Layout& layout = tried.memory->layout();
  return fmt::format("strides {} and {}, UV at {}, {} bytes, {}", layout.plane[0].stride,
                     layout.plane[1].stride, layout.plane[1].offset, layout.size,
                     tried.obstacle.empty() ? "read back by vaGetImage as written"
                                            : "not read back: " + tried.obstacle);
}

void try_into(OwnSurfaceTrial& trial, const SharedDisplay& display, SurfaceSize size, Reach reach) {
  const std::string act = fmt::format("trial of an own surface of {}x{} NV12, {}: ", size.width,
                                      size.height, to_string(reach));
  const Result<Tried> tried = try_reach(display, size, reach);
  if (!tried) {
    trial.refusals.push_back({reach, with_words_of(*display, tried.error()).what});
    trial.why = learned(act + trial.refusals.back().answer);
    return;
  }
  trial.passed = true;
  trial.may_be_staged = tried->memory->may_be_staged();
  trial.not_read_back = tried->obstacle;
  trial.reach = reach;
  trial.kind = tried->memory->kind();
  trial.layout = tried->memory->layout();
  trial.why = learned(act + in_words(*tried));
}

}  // namespace

OwnSurfaceTrial try_own_surface(const SharedDisplay& display, SurfaceSize size, bool exports_only) {
  OwnSurfaceTrial trial;
  try_into(trial, display, size, Reach::exported);
  if (!trial.passed && !exports_only) try_into(trial, display, size, Reach::derived);
  return trial;
}

OwnSurfaceTrial try_derived_surface(const SharedDisplay& display, SurfaceSize size) {
  OwnSurfaceTrial trial;
  try_into(trial, display, size, Reach::derived);
  return trial;
}

}  // namespace millrace::vaapi
