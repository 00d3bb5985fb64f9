// SPDX-License-Identifier: MIT
// EncodeStage: NV12 frames in, H.264 packets out, on a VA driver.
//
// Frames come in by a rung of the memory ladder: imported as they lie, or copied once into a
// surface of the driver's. Which one is settled before the offer, by a trial, and stands in it.
//
// A picture that the driver spoils is dropped with those that refer to it, counted and logged; the
// next one is an IDR. A driver that spoils many in a row ends the run, and so does one that has
// failed and delivered nothing since, when the stream ends.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/export.h"
#include "engine/graph/stage.h"
#include "hw/vaapi/encode_offer.h"
#include "hw/vaapi/encode_setup.h"
#include "hw/vaapi/encoder.h"
#include "hw/vaapi/put_image.h"
#include "hw/vaapi/surface_import.h"

namespace millrace::vaapi {

/// What a summary says of the encoder.
struct EncoderFacts {
  std::string driver;        ///< "iHD", "radeonsi", "millrace"
  std::string vendor;        ///< the driver's own words
  bool software = false;     ///< our software driver: the CPU encodes
  std::string rung;          ///< "import", "put-image"
  std::string rung_reason;   ///< one sentence
  std::string rate_control;  ///< "cqp: the default"
  PacketFormat packets;
};

class MILLRACE_API EncodeStage final : public Stage {
 public:
  /// Asks the driver and tries the imports; warns of what was asked and is not given. Errors:
  /// `usage` for impossible settings, `unavailable` for what this driver has not.
  [[nodiscard]] static Result<std::unique_ptr<EncodeStage>> create(SharedDisplay display,
                                                                   const EncoderSettings& settings);

  ~EncodeStage() override;

  [[nodiscard]] const EncoderFacts& facts() const { return facts_; }

  [[nodiscard]] StageOffer describe() const override { return offer_; }

  void propose_allocation(AllocationQuery& query) const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  EncodeStage(StageOffer offer, EncoderFacts facts, std::unique_ptr<Encoder> encoder);
  Result<> prepare_imports(const Decision::Port& input);
  Result<> prepare_uploads(const Decision::Port& input);
  void open_accounts(const Decision& decision);
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
  std::unique_ptr<ImageUpload> uploads_;  ///< set on the put-image rung
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
