// SPDX-License-Identifier: MIT
// MuxStage: the sink that writes packets into a file; one input port "videoN" for each stream.
#pragma once

#include <memory>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/avformat/mux_settings.h"

namespace millrace::avformat {

class Muxer;

class MILLRACE_API MuxStage final : public Stage {
 public:
  /// Makes the file: one that cannot be written fails here, before anything runs. Errors: `usage`
  /// (exists already, unknown container), `denied`, `output_failed`.
  [[nodiscard]] static Result<std::unique_ptr<Stage>> create(const MuxSettings& settings);

  /// What `describe` will say, without any file: for plans that are not run.
  [[nodiscard]] static StageOffer offer(const std::vector<PacketFormat>& streams);
  ~MuxStage() override;

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  MuxStage(MuxSettings settings, std::unique_ptr<Muxer> muxer);

  MuxSettings settings_;
  std::unique_ptr<Muxer> muxer_;
  bool reported_ = false;  ///< a failed write has been returned as an error
};

}  // namespace millrace::avformat
