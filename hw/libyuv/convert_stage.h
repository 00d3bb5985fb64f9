// SPDX-License-Identifier: MIT
// ConvertStage: any of our pixel formats into NV12 of even size, in one pass: one TRANSFORM.
//
// An RGB picture of another size than the result's is scaled first, a second TRANSFORM:
// undistorted, as large as it goes, with black bars. Its size may change from frame to frame.
//
// The input's metas go along, moved with the picture; what speaks of its bytes or colours does not.
#pragma once

#include <memory>
#include <optional>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/libyuv/convert.h"
#include "hw/libyuv/rgb_scaler.h"

namespace millrace::yuv {

struct ConvertSettings {
  VideoFormat in;
  /// NV12 of even size; for YUV that of `in`, odd sides rounded up. RGB takes the colour given
  /// here.
  VideoFormat out;
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

  Result<> scale_and_convert(const VideoFormat& in, const ReadPlanes& from, const WritePlanes& to);
  void note_scaled(const VideoFormat& in, uint64_t sequence);
  static void book(observe::Ledger::Account& account, uint64_t bytes, uint64_t sequence);

  ConvertSettings settings_;
  observe::Ledger* ledger_ = nullptr;                  ///< set in commit
  observe::Ledger::Account* account_ = nullptr;        ///< likewise
  observe::Ledger::Account* scale_account_ = nullptr;  ///< from the first frame of another size on
  std::optional<RgbScaler> scaler_;                    ///< likewise
};

}  // namespace millrace::yuv
