// SPDX-License-Identifier: MIT
#include "engine/stages/copy_stage.h"

#include "engine/memory/copy.h"

namespace millrace {

StageOffer CopyStage::describe() const {
  StageOffer offer{.kind = StageKind::in_place};
  offer.ports.push_back({.name = "in", .direction = Direction::input, .cpu = {.read = true}});
  offer.ports.push_back({.name = "out", .direction = Direction::output, .cpu = {.write = true}});
  return offer;
}

Result<Answer> CopyStage::decide_allocation(const Decision&) {
  return Answer(Accepted{});
}

Result<Flow> CopyStage::process(Work& work) {
  if (!work.input) return Flow::end;
  MILLRACE_TRY(copy_frame(*work.input, *work.output, account_));
  work.emit(std::move(work.output));
  return Flow::next;
}

}  // namespace millrace
