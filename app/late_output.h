// SPDX-License-Identifier: MIT
// LateOutput: the file's stage, made when the plan is committed and everything upstream has agreed.
//
// A muxer makes its file when it is made. Were that before the plan, a refused plan would leave an
// empty file behind, and planning alone could not be done without one. A pipe that nobody reads yet
// is waited for, and the user is told so.
#pragma once

#include <memory>
#include <stop_token>

#include "engine/graph/stage.h"
#include "hw/avformat/mux_settings.h"

namespace millrace::app {

/// Confined, as the stage that it stands for.
class LateOutput final : public Stage {
 public:
  /// `stop` gives up the wait for a pipe's reader.
  LateOutput(avformat::MuxSettings settings, std::stop_token stop)
      : settings_(std::move(settings)), stop_(std::move(stop)) {}

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  [[nodiscard]] Result<std::unique_ptr<Stage>> wait_for_reader();

  const avformat::MuxSettings settings_;
  const std::stop_token stop_;
  std::unique_ptr<Stage> muxer_;
};

}  // namespace millrace::app
