// SPDX-License-Identifier: MIT
// TestBarsSource: SMPTE colour bars with a moving square, a frame counter and a clock.
//
// Frames have number n and time n / rate. Unpaced, they come as fast as buffers come home; in real
// time each waits for its moment on CLOCK_MONOTONIC, counted from the first, and none is skipped.
// Ends only by a stop request. Confined.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "engine/stages/frame_counter.h"
#include "engine/stages/smpte_bars.h"

namespace millrace {

struct TestBarsSettings {
  /// An unspecified colour becomes BT.709: limited range for YUV, full for RGB.
  VideoFormat video;
  bool realtime = false;
  /// Of plane 0, in bytes; the other planes follow. None: any stride will do.
  std::optional<uint64_t> pinned_stride;
  std::string origin = "test:bars";  ///< as the user gave it, for the plan's reasons
};

class MILLRACE_API TestBarsSource final : public Stage {
 public:
  /// Errors: `usage` for a size, rate or stride that cannot be.
  [[nodiscard]] static Result<std::unique_ptr<Stage>> create(const TestBarsSettings& settings);

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;

 private:
  explicit TestBarsSource(const TestBarsSettings& settings);
  bool wait_for_frame(Duration pts, const std::stop_token& stop);
  Result<> draw(Buffer& buffer) const;
  [[nodiscard]] Rect square() const;

  const TestBarsSettings settings_;
  const SmpteBars bars_;
  const std::optional<CounterGeometry> counter_;
  const CounterInks counter_inks_;
  const Ink square_ink_;
  observe::Ledger::Account* fills_ = nullptr;
  std::optional<Timestamp> first_frame_;
  uint64_t next_ = 0;
};

}  // namespace millrace
