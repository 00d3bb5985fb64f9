// SPDX-License-Identifier: MIT
// The encode stage's answer to a plan: the way into the driver that was decided on, made ready.
#include <string>
#include <utility>

#include "hw/vaapi/encode_stage.h"

namespace millrace::vaapi {
namespace {

std::string_view rung_of(std::string_view way) {
  return way == derived_way ? own_surface_rung : way;
}

}  // namespace

Allocator* EncodeStage::lend(std::string_view heap) {
  if (heap == derived_heap) return derived_surfaces_.get();
  return heap == surface_heap ? own_surfaces_.get() : nullptr;
}

// A pool of own surfaces that could not be made is not shown to us: the heap remembers it.
void EncodeStage::hear_of_refused_pools() {
  for (const SurfaceAllocator* heap : {own_surfaces_.get(), derived_surfaces_.get()}) {
    const std::string refusal = heap ? heap->refusal() : std::string();
    if (refusal.empty() || heap->reach() != ladder_.own.reach) continue;
    ladder_.close(own_surface_rung, refusal);
  }
}

void EncodeStage::name_rung(std::string_view rung) {
  facts_.rung = rung;
  facts_.rung_reason = ladder_.reason_for(rung);
  const Rung& import = ladder_.rung(import_rung);
  facts_.rung_remedy = import.open ? std::string() : import.remedy;
}

Result<Answer> EncodeStage::decide_allocation(const Decision& decision) {
  const Decision::Port* const input = decision.port("in");
  if (!input) return fail(ErrorKind::internal, "set up the encoder: it has no input");
  hear_of_refused_pools();
  const std::string_view rung = rung_of(input->alternative);
  imports_.clear();
  uploads_ = nullptr;
  const Result<> taken = take_rung(*input);
  if (!taken) {
    const bool by_driver = taken.error().kind != ErrorKind::internal || taken.error().code != 0;
    if (!by_driver) return fail(taken.error());
    ladder_.close(rung, taken.error().what);
    MILLRACE_TRY(check_ladder(ladder_));
    return Answer(Refused{"in", {.name = input->alternative}, taken.error().what});
  }
  if (input->alternative == derived_way && ladder_.own.reach == Reach::exported) {
    ladder_.close(own_surface_rung, "the frames' memory does not fit it, the plan says why");
  }
  name_rung(rung);
  open_accounts(decision, input->alternative);
  return Answer(Accepted{});
}

Result<> EncodeStage::take_rung(const Decision::Port& input) {
  if (input.alternative == import_rung) return prepare_imports(input);
  if (rung_of(input.alternative) == own_surface_rung) return prepare_own_surfaces(input);
  if (input.alternative == put_image_rung) return prepare_uploads(input);
  return fail(ErrorKind::internal,
              "feed the encoder: it offers no way '" + input.alternative + "'");
}

Result<> EncodeStage::prepare_own_surfaces(const Decision::Port& input) {
  if (!input.pool || !input.pool->config().video) {
    return fail(ErrorKind::internal, "feed the encoder: its frames' pool has no layout");
  }
  for (const Ref<Memory>& memory : input.pool->memories()) {
    MILLRACE_TRY(own_surface_of(*memory, input.pool->config().video->layout));
  }
  return {};
}

// Every buffer of the pool, before the first frame: what the driver refuses is known now.
Result<> EncodeStage::prepare_imports(const Decision::Port& input) {
  if (!input.pool || !input.pool->config().video) {
    return fail(ErrorKind::internal, "import the encoder's frames: their pool has no layout");
  }
  for (const Ref<Memory>& memory : input.pool->memories()) {
    MILLRACE_TRY(imports_.surface_of({*memory, memory->offset()}, *input.pool->config().video));
  }
  return {};
}

Result<> EncodeStage::prepare_uploads(const Decision::Port& input) {
  const EncodeSetup& setup = encoder_->setup();
  if (!input.ingest_copy) {
    return fail(ErrorKind::internal, "put frames into surfaces: there is no account for the copy");
  }
  ingest_account_ = input.ingest_copy;
  uploads_ = MILLRACE_TRY(ImageUpload::create(setup.display, setup.picture_size()));
  return {};
}

void EncodeStage::open_accounts(const Decision& decision, const std::string& way) {
  inherent_accounts_.clear();
  if (!decision.ledger) return;
  for (const InherentCopy& copy : offer_.inherent) {
    if (!copy.alternative.empty() && copy.alternative != way) continue;
    inherent_accounts_.push_back(&decision.ledger->open(observe::MoveKind::inherent, copy.where,
                                                        copy.why.raw, facts_.driver));
  }
}

}  // namespace millrace::vaapi
