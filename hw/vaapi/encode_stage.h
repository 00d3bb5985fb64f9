// SPDX-License-Identifier: MIT
// EncodeStage: NV12 frames in, H.264 packets out, on a VA driver.
//
// Frames come in by a rung of the memory ladder (ladder.h): imported as they lie, written into
// surfaces that this stage lends, or copied once. Which are open is settled before the offer, by
// trials, and stands in it; the plan takes one. What is refused at commit in spite of its trial is
// answered with `Refused`, so that the next rung is planned.
//
// A picture that the driver spoils is dropped with those that refer to it, counted and logged; the
// next one is an IDR. A driver that spoils many in a row ends the run, and so does one that has
// failed and delivered nothing since, when the stream ends.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/vaapi/encode_offer.h"
#include "hw/vaapi/encode_setup.h"
#include "hw/vaapi/encoder.h"
#include "hw/vaapi/ladder.h"
#include "hw/vaapi/put_image.h"
#include "hw/vaapi/surface_allocator.h"
#include "hw/vaapi/surface_import.h"

namespace millrace::vaapi {

/// What a summary says of the encoder.
struct EncoderFacts {
  std::string driver;        ///< "iHD", "radeonsi", "millrace"
  std::string vendor;        ///< the driver's own words
  bool software = false;     ///< our software driver: the CPU encodes
  std::string rung;          ///< "import", "own-surface", "put-image"; once committed, the plan's
  std::string rung_reason;   ///< one sentence, with why it is no better one
  std::string rung_remedy;   ///< what may open the best one; empty where nothing is known
  std::string rate_control;  ///< "cqp: the default"
  PacketFormat packets;
};

class MILLRACE_API EncodeStage final : public Stage {
 public:
  /// Asks the driver and tries the ladder; warns of what was asked and is not given. Errors:
  /// `usage` for impossible settings, `unavailable` for what this driver has not, such as a way
  /// into it.
  [[nodiscard]] static Result<std::unique_ptr<EncodeStage>> create(SharedDisplay display,
                                                                   const EncoderSettings& settings);

  ~EncodeStage() override;

  [[nodiscard]] const EncoderFacts& facts() const { return facts_; }

  [[nodiscard]] StageOffer describe() const override { return offer_; }

  void propose_allocation(AllocationQuery& query) const override;
  [[nodiscard]] Allocator* lend(std::string_view heap) override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  EncodeStage(StageOffer offer, EncoderFacts facts, Ladder ladder,
              std::unique_ptr<Encoder> encoder);
  Result<> take_rung(const Decision::Port& input);
  void hear_of_refused_pools();
  void name_rung(std::string_view rung);
  Result<> prepare_own_surfaces(const Decision::Port& input);
  Result<> prepare_imports(const Decision::Port& input);
  Result<> prepare_uploads(const Decision::Port& input);
  void open_accounts(const Decision& decision, const std::string& way);
  Result<> check_frame(const Buffer& frame) const;
  Result<VASurfaceID> surface_for(const Buffer& frame);
  Result<> submit(Ref<Buffer> frame);
  Result<bool> emit_oldest(Work& work);
  Result<> note_drop(const Error& reason);
  [[nodiscard]] Result<> check_last_pictures() const;
  [[nodiscard]] bool is_fed_without_pause() const;

  /// A frame under way: its memory while the driver may read it, its times for the packet.
  struct Pending {
    Ref<Buffer> frame;  ///< null when the driver has its own copy
    BufferTiming timing;
    BufferFlags flags;
  };

  StageOffer offer_;
  EncoderFacts facts_;
  observe::Ledger::Account* ingest_account_ = nullptr;  ///< of the copy that this stage makes
  std::vector<observe::Ledger::Account*> inherent_accounts_;
  Ladder ladder_;
  std::unique_ptr<SurfaceAllocator> own_surfaces_;      ///< where that rung is open
  std::unique_ptr<SurfaceAllocator> derived_surfaces_;  ///< where derived ones are in reserve
  std::unique_ptr<ImageUpload> uploads_;                ///< set on the put-image rung
  SurfaceCache imports_;
  std::array<Pending, Encoder::depth> pending_;
  std::unique_ptr<Encoder> encoder_;  // first to go: it may still read the frames
  uint64_t submitted_ = 0;
  uint64_t dropped_ = 0;
  uint64_t dropped_in_a_row_ = 0;
  bool driver_failed_ = false;  ///< rather than spoil a picture, since the last whole one
  Error last_drop_;
  Timestamp last_return_{};
};

}  // namespace millrace::vaapi
