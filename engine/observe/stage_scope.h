// SPDX-License-Identifier: MIT
// StageScope: on whose behalf this thread works right now.
//
// The lane opens one around each call into a stage. Whatever touches frame memory inside (a CPU
// window, the copy engine) is recorded under that stage without being told, and a stage that opens
// a CPU window without having declared CPU access is caught in the act.
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/observe/record.h"

namespace millrace::observe {

class Recorder;

/// Which CPU accesses to frame memory a stage has declared in its offer.
struct CpuAccess {
  bool read = false;
  bool write = false;
};

/// Confined to the thread that makes it; nests.
class MILLRACE_API StageScope {
 public:
  struct Params {
    Recorder* recorder = nullptr;  ///< outlives the scope; may be null
    StageId stage = no_stage;
    CpuAccess declared{};
    bool planned_transform = false;  ///< the plan says that this stage reads frames to convert them
  };

  explicit StageScope(const Params& params);
  ~StageScope();
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;

  /// CPU windows opened so far without a declaration.
  [[nodiscard]] uint32_t undeclared_windows() const { return undeclared_; }

  /// The innermost scope of this thread, or null.
  [[nodiscard]] static StageScope* current();

  /// Records under the current scope; does nothing without one.
  static void record(RecordType type, uint64_t subject, uint64_t value);

  /// Records a CPU window and checks it against the declaration.
  static void record_window(uint64_t memory_id, CpuAccess access);

 private:
  Params params_;
  uint32_t undeclared_ = 0;
  StageScope* outer_;
};

}  // namespace millrace::observe
