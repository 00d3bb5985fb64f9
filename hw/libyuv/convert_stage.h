// SPDX-License-Identifier: MIT
// ConvertStage: any of our pixel formats into NV12 of even size, in one pass: one TRANSFORM.
#pragma once

#include <memory>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/libyuv/convert.h"

namespace millrace::yuv {

struct ConvertSettings {
  VideoFormat in;
  VideoFormat out;  ///< NV12; of `in`'s size, odd sides rounded up; RGB takes the colour given here
};

class MILLRACE_API ConvertStage final : public Stage {
 public:
  /// Errors: `usage` for sizes, formats or colours that are no conversion into NV12.
  [[nodiscard]] static Result<std::unique_ptr<Stage>> create(const ConvertSettings& settings);

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;

 private:
  explicit ConvertStage(const ConvertSettings& settings) : settings_(settings) {}

  ConvertSettings settings_;
  observe::Ledger::Account* account_ = nullptr;  ///< set in commit
};

}  // namespace millrace::yuv
