// SPDX-License-Identifier: MIT
// CopyStage: moves each frame from one pool into another, through the copy engine. The plan puts it
// on a link whose ends cannot share memory.
#pragma once

#include <memory>

#include "engine/base/export.h"
#include "engine/graph/stage.h"

namespace millrace {

class MILLRACE_API CopyStage final : public Stage {
 public:
  /// `account` is the ledger's account of the edge; it outlives the stage.
  explicit CopyStage(observe::Ledger::Account& account) : account_(account) {}

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;

 private:
  observe::Ledger::Account& account_;
};

}  // namespace millrace
