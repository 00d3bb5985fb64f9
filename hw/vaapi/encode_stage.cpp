// SPDX-License-Identifier: MIT
#include "hw/vaapi/encode_stage.h"

#include <bit>
#include <utility>

#include "engine/base/log.h"

namespace millrace::vaapi {
namespace {

// Enough for a broken chain of references to heal, too few for a dead driver to go unnoticed.
constexpr uint64_t most_drops_in_a_row = 8;

constexpr const char* driver_remedy =
    "look for messages of the driver and of the kernel's graphics";

// Input that is there at once has waited: then throughput counts, and two pictures are kept under
// way. Input that comes later is awaited: then each picture is read out as soon as it is done.
constexpr Duration pause = std::chrono::microseconds(500);

PacketFormat packets_of(const EncodeSetup& setup, size_t max_packet_bytes) {
  return {.codec = Codec::h264,
          .width = setup.stream.width,
          .height = setup.stream.height,
          .frame_rate = setup.settings.frame_rate,
          .colour = setup.settings.colour,
          .colour_in_stream = setup.has_colour_in_stream(),
          .max_packet_bytes = max_packet_bytes};
}

OfferFacts offer_facts(const EncodeSetup& setup, const PacketFormat& packets) {
  OfferFacts facts;
  facts.video = {.format = PixelFormat::nv12,
                 .width = setup.stream.width,
                 .height = setup.stream.height,
                 .frame_rate = setup.settings.frame_rate,
                 .colour = setup.settings.colour};
  facts.packets = packets;
  facts.surfaces = setup.surfaces;
  facts.layout = probe_layout(setup.display);
  facts.ladder = try_ladder(setup, facts.layout);
  if (setup.display->is_software()) facts.software = setup.display->vendor();
  facts.remarks = setup.warnings;
  for (std::string& warning : warnings_of(facts.ladder)) {
    facts.remarks.push_back(std::move(warning));
  }
  return facts;
}

EncoderFacts encoder_facts(const EncodeSetup& setup, const OfferFacts& offer) {
  return {.driver = setup.display->driver(),
          .vendor = setup.display->vendor(),
          .software = setup.display->is_software(),
          .rate_control = setup.rate.reason,
          .packets = offer.packets};
}

}  // namespace

Result<std::unique_ptr<EncodeStage>> EncodeStage::create(SharedDisplay display,
                                                         const EncoderSettings& settings) {
  EncodeSetup made = MILLRACE_TRY(set_up_encoding(std::move(display), settings));
  std::unique_ptr<Encoder> encoder = MILLRACE_TRY(Encoder::create(std::move(made)));
  const EncodeSetup& setup = encoder->setup();
  const OfferFacts facts = offer_facts(setup, packets_of(setup, encoder->max_picture_bytes()));
  for (const std::string& warning : facts.remarks) log::warning("vaapi", warning);
  MILLRACE_TRY(check_ladder(facts.ladder));
  EncoderFacts for_summary = encoder_facts(setup, facts);
  return std::unique_ptr<EncodeStage>(new EncodeStage(
      describe_encoder(facts), std::move(for_summary), facts.ladder, std::move(encoder)));
}

EncodeStage::EncodeStage(StageOffer offer, EncoderFacts facts, Ladder ladder,
                         std::unique_ptr<Encoder> encoder)
    : offer_(std::move(offer)),
      facts_(std::move(facts)),
      ladder_(std::move(ladder)),
      imports_(encoder->setup().display),
      encoder_(std::move(encoder)) {
  if (ladder_.rung(own_surface_rung).open) {
    const EncodeSetup& setup = encoder_->setup();
    own_surfaces_ =
        std::make_unique<SurfaceAllocator>(setup.display, setup.picture_size(), ladder_.own);
  }
  if (ladder_.reserve.passed) {
    const EncodeSetup& setup = encoder_->setup();
    derived_surfaces_ = std::make_unique<SurfaceAllocator>(setup.display, setup.picture_size(),
                                                           ladder_.reserve, derived_heap);
  }
  name_rung(ladder_.best()->name);
}

EncodeStage::~EncodeStage() = default;

void EncodeStage::propose_allocation(AllocationQuery& query) const {
  if (query.port != "in") return;
  query.metas.push_back({"VideoMeta", offer_.ports.front().alternatives.front().layout});
}

Result<Flow> EncodeStage::process(Work& work) {
  bool emitted = false;
  if (work.input) {
    const bool keep_two = is_fed_without_pause();
    MILLRACE_TRY(submit(std::move(work.input)));
    if (encoder_->is_full() || !keep_two) emitted = MILLRACE_TRY(emit_oldest(work));
    last_return_ = now();
    return !keep_two && !encoder_->is_empty() ? Flow::again : Flow::next;
  }
  while (!emitted && !encoder_->is_empty()) emitted = MILLRACE_TRY(emit_oldest(work));
  last_return_ = now();
  if (work.draining && !emitted) {
    MILLRACE_TRY(check_last_pictures());
    return Flow::end;
  }
  if (work.draining) return Flow::next;
  return encoder_->is_empty() ? Flow::next : Flow::again;
}

bool EncodeStage::is_fed_without_pause() const {
  return now() - last_return_ < pause;
}

Result<> EncodeStage::check_frame(const Buffer& frame) const {
  const PacketFormat& stream = facts_.packets;
  if (frame.video() && frame.video()->width == stream.width &&
      frame.video()->height == stream.height) {
    return {};
  }
  return fail(ErrorKind::internal, "encode a frame: it is not of the stream's size " +
                                       std::to_string(stream.width) + "x" +
                                       std::to_string(stream.height));
}

Result<VASurfaceID> EncodeStage::surface_for(const Buffer& frame) {
  if (uploads_) return uploads_->put(frame, *ingest_account_);
  if (facts_.rung == own_surface_rung) return own_surface_of(frame.memory(), frame.video()->layout);
  return imports_.surface_of(MILLRACE_TRY(place_of_frame(frame)), *frame.video());
}

Result<> EncodeStage::submit(Ref<Buffer> frame) {
  MILLRACE_TRY(check_frame(*frame));
  const Result<VASurfaceID> surface = surface_for(*frame);
  if (!surface && surface.error().code != 0) return note_drop(surface.error());
  if (!surface) return fail(surface.error());
  const Result<> started = encoder_->submit(*surface, submitted_);
  if (!started) return note_drop(started.error());
  const uint64_t bytes =
      payload_bytes(PixelFormat::nv12, frame->video()->width, frame->video()->height);
  for (observe::Ledger::Account* account : inherent_accounts_) account->book(bytes);
  Pending& pending = pending_[submitted_ % pending_.size()];
  pending.timing = frame->timing;
  pending.flags = frame->flags;
  if (!uploads_) pending.frame = std::move(frame);
  ++submitted_;
  return {};
}

Result<bool> EncodeStage::emit_oldest(Work& work) {
  if (encoder_->is_empty()) return false;
  if (!work.output)
    return fail(ErrorKind::internal, "read a packet out: there is no buffer for it");
  CodedPicture picture;
  {
    Result<WriteView> view = work.output->write();
    if (!view) return fail(view.error());
    picture = MILLRACE_TRY(encoder_->collect(view->bytes(), work.stop));
  }
  Pending pending = std::exchange(pending_[picture.tag % pending_.size()], {});
  if (picture.dropped) {
    MILLRACE_TRY(note_drop(*picture.dropped));
    return false;
  }
  dropped_in_a_row_ = 0;
  driver_failed_ = false;
  MILLRACE_TRY(work.output->resize(0, picture.size));
  work.output->timing = pending.timing;
  work.output->flags = pending.flags;
  work.output->flags.key = picture.key;
  work.emit(std::move(work.output));
  return true;
}

Result<> EncodeStage::note_drop(const Error& reason) {
  ++dropped_;
  ++dropped_in_a_row_;
  driver_failed_ |= reason.code != 0;
  // Never silent, never a flood: the 1st, 2nd, 4th, 8th …
  if (std::has_single_bit(dropped_)) {
    log::warning("vaapi", "dropped " + std::to_string(dropped_) +
                              " pictures so far; the last: " + reason.what);
  }
  last_drop_ = reason;
  if (dropped_in_a_row_ < most_drops_in_a_row) return {};
  return fail(ErrorKind::internal,
              "the driver spoiled " + std::to_string(dropped_in_a_row_) +
                  " pictures in a row; the last: " + reason.what,
              driver_remedy, reason.code);
}

// A recording may end before a dead driver has lost enough pictures to be told from one that
// spoiled a few. One spoiled picture takes with it those under way, and the next is whole again; a
// call of the driver's that failed, and none that went well since, is taken for its death.
Result<> EncodeStage::check_last_pictures() const {
  if (dropped_in_a_row_ <= Encoder::depth && !driver_failed_) return {};
  return fail(ErrorKind::internal,
              "the driver failed for good: the last " + std::to_string(dropped_in_a_row_) +
                  " pictures are lost; the last: " + last_drop_.what,
              driver_remedy, last_drop_.code);
}

void EncodeStage::stop() noexcept {
  for (Pending& pending : pending_) {
    // What is still under way is read until the encoder has waited for it.
    if (!encoder_->is_empty()) break;
    pending = {};
  }
}

}  // namespace millrace::vaapi
