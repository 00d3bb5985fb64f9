// SPDX-License-Identifier: MIT
// OutputStage: raw frames into a V4L2 device, where other programs see them as a camera's.
//
// The ways into the device are in output_offer.h; the plan takes one. The device is asked what it
// would take before the plan is made, and set to it when the plan is committed.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/v4l2/output_device.h"

namespace millrace::v4l2 {

class OutputAllocator;
class OutputQueue;

class MILLRACE_API OutputStage final : public Stage {
 public:
  /// `grant` is what the device said that it would take.
  OutputStage(std::shared_ptr<OutputDevice> device, Grant grant);
  ~OutputStage() override;

  /// "Dummy video device, NV12 1280x720 by write": what a summary says of the output.
  [[nodiscard]] std::string what() const;

  /// Of one picture, as the device takes it.
  [[nodiscard]] uint64_t image_bytes() const { return grant_.image_bytes; }

  [[nodiscard]] StageOffer describe() const override;
  void propose_allocation(AllocationQuery& query) const override;
  [[nodiscard]] Allocator* lend(std::string_view heap) override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  [[nodiscard]] Result<> prepare(const Decision::Port& input, observe::Ledger& ledger);
  void prepare_gathering(observe::Ledger& ledger);
  [[nodiscard]] Result<> send(Work& work);
  [[nodiscard]] Result<> send_own(Ref<Buffer> frame, const std::stop_token& stop);
  [[nodiscard]] Result<> send_written(const Buffer& frame, const std::stop_token& stop);
  [[nodiscard]] Result<> send_gathered(const Buffer& frame, const std::stop_token& stop);
  [[nodiscard]] Result<> write_all(std::span<const std::byte> bytes, const std::stop_token& stop);
  [[nodiscard]] Result<> put_in_place(const Buffer& frame);

  const std::shared_ptr<OutputDevice> device_;
  Grant grant_;
  std::unique_ptr<OutputAllocator> lent_;  ///< where the device lends buffers
  std::string way_;                        ///< set in commit
  observe::Ledger::Account* copies_ = nullptr;
  observe::Ledger::Account* inherent_ = nullptr;
  std::unique_ptr<OutputQueue> queue_;
  std::vector<std::byte> in_place_;  ///< one picture, laid out for write(2)
};

}  // namespace millrace::v4l2
