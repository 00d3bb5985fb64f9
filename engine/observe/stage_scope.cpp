// SPDX-License-Identifier: MIT
#include "engine/observe/stage_scope.h"

#include "engine/observe/recorder.h"
#include "engine/observe/witness.h"

namespace millrace::observe {

constinit thread_local StageScope* StageScope::innermost = nullptr;

StageScope::StageScope(const Params& params)
    : params_(params),
      read_step_(one_window + (params.declared.read ? 0 : one_undeclared)),
      write_step_(one_window + (params.declared.write ? 0 : one_undeclared)),
      outer_(innermost) {
  innermost = this;
  if (params_.planned_transform) witness::enter_transform();
}

StageScope::~StageScope() {
  if (params_.planned_transform) witness::leave_transform();
  innermost = outer_;
}

void StageScope::record(RecordType type, uint64_t subject, uint64_t value) {
  if (!innermost || !innermost->params_.recorder) return;
  innermost->params_.recorder->write(
      {.type = type, .stage = innermost->params_.stage, .subject = subject, .value = {value}});
}

void StageScope::write_window(uint64_t memory_id, CpuAccess access) const {
  const uint64_t bits = (access.read ? 1U : 0U) | (access.write ? 2U : 0U);
  record(RecordType::cpu_window, memory_id, bits);
}

}  // namespace millrace::observe
