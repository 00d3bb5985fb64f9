// SPDX-License-Identifier: MIT
// LateOutput: the file's stage, made when the plan is committed and everything upstream has agreed.
//
// A muxer makes its file when it is made. Were that before the plan, a refused plan would leave an
// empty file behind, and planning alone could not be done without one.
#pragma once

#include <memory>

#include "engine/graph/stage.h"
#include "hw/avformat/mux_settings.h"

namespace millrace::app {

/// Confined, as the stage that it stands for.
class LateOutput final : public Stage {
 public:
  explicit LateOutput(avformat::MuxSettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  const avformat::MuxSettings settings_;
  std::unique_ptr<Stage> muxer_;
};

}  // namespace millrace::app
