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

  /// CPU windows opened so far, and those of them without a declaration.
  [[nodiscard]] uint32_t windows() const { return static_cast<uint32_t>(windows_); }

  [[nodiscard]] uint32_t undeclared_windows() const {
    return static_cast<uint32_t>(windows_ >> 32);
  }

  /// The innermost scope of this thread, or null.
  [[nodiscard]] static StageScope* current() { return innermost; }

  [[nodiscard]] StageId stage() const { return params_.stage; }

  /// Records under the current scope; does nothing without one.
  static void record(RecordType type, uint64_t subject, uint64_t value);

  /// Counts a CPU window, checks it against the declaration, and writes a record where there is a
  /// recorder.
  /// By reference: hardly ever is it read.
  static void record_window(const uint64_t& memory_id, CpuAccess access) {
    StageScope* const scope = innermost;
    if (!scope) return;
    scope->windows_ += access.write ? scope->write_step_ : scope->read_step_;
    if (scope->params_.recorder) [[unlikely]]
      scope->write_window(memory_id, access);
  }

 private:
  void write_window(uint64_t memory_id, CpuAccess access) const;

  // Initial-exec: the library is never loaded so late that there is no room for one pointer.
  static thread_local constinit StageScope* innermost __attribute__((tls_model("initial-exec")));

  static constexpr uint64_t one_window = 1;
  static constexpr uint64_t one_undeclared = uint64_t{1} << 32;

  Params params_;
  uint64_t windows_ = 0;  ///< all in the low half, undeclared ones in the high half
  uint64_t read_step_;
  uint64_t write_step_;
  StageScope* outer_;
};

}  // namespace millrace::observe
