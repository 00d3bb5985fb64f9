// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_stage.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/memory/copy.h"
#include "engine/observe/stage_scope.h"
#include "hw/v4l2/output_buffers.h"
#include "hw/v4l2/output_offer.h"
#include "hw/v4l2/output_queue.h"
#include "hw/v4l2/patience.h"

namespace millrace::v4l2 {
namespace {

Result<uint32_t> number_of(const Memory& memory, const OutputDevice& device) {
  const auto* const own = dynamic_cast<const BufferMemory*>(&memory);
  if (own && &own->owner()->device() == &device) return own->index();
  return fail(ErrorKind::internal,
              "feed " + device.name() + ": the frame does not lie in a buffer of the device's");
}

Alternative way_of(const StageOffer& offer, const std::string& name) {
  const auto& ways = offer.ports.front().alternatives;
  return *std::ranges::find(ways, name, &Alternative::name);
}

void say_rate(const OutputDevice& device, const Fraction& wished) {
  const std::optional<Fraction> rate = device.set_rate(wished);
  if (!rate || rate->value() == wished.value()) return;
  log::info("v4l2", fmt::format("{} runs at {:g} frames a second, the source at {:g}",
                                device.name(), rate->value(), wished.value()));
}

}  // namespace

OutputStage::OutputStage(std::shared_ptr<OutputDevice> device, Grant grant)
    : device_(std::move(device)), grant_(std::move(grant)) {
  if (device_->facts().lends) lent_ = std::make_unique<OutputAllocator>(device_, grant_);
}

OutputStage::~OutputStage() = default;

std::string OutputStage::what() const {
  return fmt::format("{}, {} {}x{}{}{}", device_->facts().card, to_string(grant_.video.format),
                     grant_.video.width, grant_.video.height, way_.empty() ? "" : " by ", way_);
}

StageOffer OutputStage::describe() const {
  return describe_output({device_->facts(), grant_});
}

void OutputStage::propose_allocation(AllocationQuery& query) const {
  query.metas.push_back({"VideoMeta", describe().ports.front().alternatives.front().layout});
}

Allocator* OutputStage::lend(std::string_view heap) {
  return heap == buffer_heap ? lent_.get() : nullptr;
}

Result<Answer> OutputStage::decide_allocation(const Decision& decision) {
  const Decision::Port* const input = decision.port("in");
  if (!input || !decision.ledger) {
    return fail(ErrorKind::internal, "set up the video output: the decision is not for its offer");
  }
  const Grant granted = MILLRACE_TRY(device_->set(grant_));
  const bool as_said = granted.layout == grant_.layout && granted.image_bytes == grant_.image_bytes;
  grant_ = granted;
  if (!as_said) return Answer(Adjusted{"in", way_of(describe(), input->alternative)});
  say_rate(*device_, grant_.video.frame_rate);
  const Result<> prepared = prepare(*input, *decision.ledger);
  if (prepared) return Answer(Accepted{});
  if (prepared.error().kind == ErrorKind::internal) return fail(prepared.error());
  return Answer(Refused{"in", {.name = input->alternative}, prepared.error().what});
}

Result<> OutputStage::prepare(const Decision::Port& input, observe::Ledger& ledger) {
  way_ = input.alternative;
  copies_ = input.ingest_copy;
  queue_ = nullptr;
  if (way_ == own_buffer_way) {
    if (!input.pool) return fail(ErrorKind::internal, "feed the video output: there is no pool");
    for (const Ref<Memory>& memory : input.pool->memories()) {
      MILLRACE_TRY(number_of(*memory, *device_));
    }
    queue_ = std::make_unique<OutputQueue>(device_, grant_.image_bytes);
    return {};
  }
  if (!copies_) return fail(ErrorKind::internal, "feed the video output: no account for the copy");
  if (way_ == gather_way) prepare_gathering(ledger);
  return {};
}

void OutputStage::prepare_gathering(observe::Ledger& ledger) {
  in_place_.assign(grant_.image_bytes, std::byte{0});
  for (const InherentCopy& copy : describe().inherent) {
    inherent_ =
        &ledger.open(observe::MoveKind::inherent, copy.where, copy.why.raw, "kernel, write(2)");
  }
}

Result<Flow> OutputStage::process(Work& work) {
  if (work.input) {
    MILLRACE_TRY(send(work));
    return Flow::next;
  }
  if (!work.draining) return Flow::next;
  if (queue_) MILLRACE_TRY(queue_->finish(work.stop));
  return Flow::end;
}

Result<> OutputStage::send(Work& work) {
  if (way_ == own_buffer_way) return send_own(std::move(work.input), work.stop);
  if (way_ == gather_way) return send_gathered(*work.input, work.stop);
  return send_written(*work.input, work.stop);
}

Result<> OutputStage::send_own(Ref<Buffer> frame, const std::stop_token& stop) {
  const uint32_t index = MILLRACE_TRY(number_of(frame->memory(), *device_));
  return queue_->put(std::move(frame), index, stop);
}

Result<> OutputStage::send_written(const Buffer& frame, const std::stop_token& stop) {
  const ReadView view = MILLRACE_TRY(frame.read(Access::within(device_patience)));
  if (view.bytes().size() < grant_.image_bytes) {
    return fail(ErrorKind::internal, "feed the video output: a frame is shorter than a picture");
  }
  MILLRACE_TRY(write_all(view.bytes().first(grant_.image_bytes), stop));
  copies_->book(grant_.image_bytes);
  observe::StageScope::record(observe::RecordType::copy, 0, grant_.image_bytes);
  return {};
}

Result<> OutputStage::send_gathered(const Buffer& frame, const std::stop_token& stop) {
  MILLRACE_TRY(put_in_place(frame));
  MILLRACE_TRY(write_all(in_place_, stop));
  inherent_->book(grant_.image_bytes);
  return {};
}

Result<> OutputStage::put_in_place(const Buffer& frame) {
  const FrameReadView view =
      MILLRACE_TRY(FrameReadView::create(frame, Access::within(device_patience)));
  const VideoMeta video{grant_.video.width, grant_.video.height, grant_.layout};
  const WritePlanes to = MILLRACE_TRY(planes_of(std::span<std::byte>(in_place_), video));
  copy_planes(grant_.video.format, view.planes(), to, *copies_);
  return {};
}

// A device takes a picture with each call, whole or not at all.
Result<> OutputStage::write_all(std::span<const std::byte> bytes, const std::stop_token& stop) {
  ssize_t taken = 0;
  const int error_number = MILLRACE_TRY(until_ready(*device_, stop, [&] {
    taken = device_->calls().write(device_->fd(), bytes.data(), bytes.size());
    return taken < 0 ? errno : 0;
  }));
  if (error_number != 0) return device_->lost("write(2)", error_number);
  if (static_cast<size_t>(taken) == bytes.size()) return {};
  return fail(ErrorKind::output_failed,
              fmt::format("feed {}: it took {} of {} bytes of a picture", device_->name(), taken,
                          bytes.size()),
              "look into dmesg for the driver's words");
}

void OutputStage::stop() noexcept {
  if (!queue_) return;
  queue_->stop();
  if (queue_->spoiled() == 0) return;
  log::warning(
      "v4l2", fmt::format("{} says that it spoiled {} frames", device_->name(), queue_->spoiled()));
}

}  // namespace millrace::v4l2
