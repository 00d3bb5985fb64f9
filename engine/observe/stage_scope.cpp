// SPDX-License-Identifier: MIT
#include "engine/observe/stage_scope.h"

#include "engine/observe/recorder.h"
#include "engine/observe/witness.h"

namespace millrace::observe {
namespace {

thread_local StageScope* innermost = nullptr;

}  // namespace

StageScope::StageScope(const Params& params) : params_(params), outer_(innermost) {
  innermost = this;
  if (params_.planned_transform) witness::enter_transform();
}

StageScope::~StageScope() {
  if (params_.planned_transform) witness::leave_transform();
  innermost = outer_;
}

StageScope* StageScope::current() {
  return innermost;
}

void StageScope::record(RecordType type, uint64_t subject, uint64_t value) {
  if (!innermost || !innermost->params_.recorder) return;
  innermost->params_.recorder->write(
      {.type = type, .stage = innermost->params_.stage, .subject = subject, .value = {value}});
}

void StageScope::record_window(uint64_t memory_id, CpuAccess access) {
  if (!innermost) return;
  const CpuAccess& declared = innermost->params_.declared;
  if ((access.read && !declared.read) || (access.write && !declared.write)) {
    ++innermost->undeclared_;
  }
  const uint64_t bits = (access.read ? 1U : 0U) | (access.write ? 2U : 0U);
  record(RecordType::cpu_window, memory_id, bits);
}

}  // namespace millrace::observe
