// SPDX-License-Identifier: MIT
#include "engine/run/lane.h"

#include <exception>

#include "engine/memory/frame_place.h"

namespace millrace {
namespace {

/// What a library throws is a failure of the stage: the file downstream is finished all the same.
Result<Flow> process(Stage& stage, Work& work) {
  try {
    return stage.process(work);
  } catch (const std::exception& error) {
    return fail(ErrorKind::internal, error.what());
  }
}

}  // namespace

Lane::Lane(Params params, RunState& run)
    : chain_(std::move(params.chain)),
      inputs_(std::move(params.inputs)),
      output_(params.output),
      run_(run),
      spares_(chain_.size()),
      again_(chain_.size(), false) {}

StepOutcome Lane::step() {
  if (finished()) return StepOutcome::finished;
  // First of all: a source that waits for a buffer must still hear that nobody wants more.
  if (chain_.front().source && !draining_ && run_.end_of_input.stop_requested()) drain_from(1);
  if (output_ && output_->full()) return StepOutcome::parked;
  if (!have_spares()) return StepOutcome::parked;
  Work work;
  const std::optional<size_t> at = choose(work);
  if (!at) return StepOutcome::parked;
  if (*at == chain_.size()) {
    finish();
    return StepOutcome::finished;
  }
  carry(*at, std::move(work));
  return StepOutcome::progressed;
}

bool Lane::have_spares() {
  for (size_t at = draining_.value_or(0); at < chain_.size(); ++at) {
    if (!chain_[at].output_pool || spares_[at]) continue;
    spares_[at] = chain_[at].output_pool->try_acquire();
    if (!spares_[at]) return false;
    BufferPool::note_holder(*spares_[at], chain_[at].id);
  }
  return true;
}

std::optional<size_t> Lane::choose(Work& work) {
  // Deepest first: what is further along makes room for what comes.
  for (size_t at = chain_.size(); at-- > 0;) {
    if (again_[at]) return at;
  }
  if (!draining_ && !chain_.front().source && !take_input(work)) {
    for (const FrameQueue* input : inputs_) {
      if (!input->ended() && !run_.abort.stop_requested()) return std::nullopt;
    }
    drain_from(0);
  }
  if (!draining_) return 0;
  work.draining = true;
  return *draining_;
}

bool Lane::take_input(Work& work) {
  for (size_t tried = 0; tried < inputs_.size(); ++tried) {
    const size_t port = next_input_++ % inputs_.size();
    if (std::optional<Ref<Buffer>> item = inputs_[port]->try_pop()) {
      work.input = std::move(*item);
      work.input_port = port;
      return true;
    }
  }
  return false;
}

void Lane::carry(size_t at, Work work) {
  while (Ref<Buffer> emitted = pass(at, work)) {
    if (++at == chain_.size()) {
      if (output_) output_->push(std::move(emitted));
      return;
    }
    work = Work{};
    work.input = std::move(emitted);
  }
}

Ref<Buffer> Lane::pass(size_t at, Work& work) {
  const bool draining = work.draining;
  if (work.input) note_touch(*work.input, chain_[at].id);
  const Ref<Buffer> delivered = chain_[at].sink ? work.input : nullptr;
  const Result<Flow> flow = call(at, work);
  if (!flow) {
    note_failure(at, flow.error());
    return nullptr;
  }
  note_flow(at, *flow, draining);
  if (delivered) note_delivery(*delivered);
  Ref<Buffer> emitted = std::move(work.emitted);
  if (!emitted || (chain_[at].source && !within_limits(*emitted))) return nullptr;
  if (chain_[at].source) note_touch(*emitted, chain_[at].id);
  if (run_.validate) record_frame(observe::RecordType::frame_written, chain_[at], *emitted);
  return emitted;
}

Result<Flow> Lane::call(size_t at, Work& work) {
  const Node& node = chain_[at];
  const observe::StageScope scope({.recorder = run_.validate ? &run_.recorder : nullptr,
                                   .stage = node.id,
                                   .declared = node.declared,
                                   .planned_transform = node.planned_transform});
  work.stop = node.source ? run_.end_of_input.get_token() : run_.abort.get_token();
  work.output = std::move(spares_[at]);
  if (work.input) {
    BufferPool::note_holder(*work.input, node.id);
    if (run_.validate) record_frame(observe::RecordType::frame_read, node, *work.input);
  }
  busy_stage_ = &node.name;
  Result<Flow> flow = process(*node.stage, work);
  busy_stage_ = nullptr;
  spares_[at] = std::move(work.output);
  if (scope.undeclared_windows() > 0) {
    run_.undeclared_windows[node.id].fetch_add(scope.undeclared_windows());
  }
  return flow;
}

void Lane::note_flow(size_t at, Flow flow, bool draining) {
  again_[at] = flow == Flow::again && !draining;
  if (flow != Flow::end) return;
  if (chain_[at].source && !run_.end_of_input.stop_requested()) run_.counters.source_ended = true;
  drain_from(at + 1);
}

void Lane::note_failure(size_t at, const Error& error) {
  if (error.kind != ErrorKind::cancelled) {
    run_.fail(error.while_doing(chain_[at].name));
  }
  drain_from(at + 1);
}

bool Lane::within_limits(const Buffer& frame) {
  const RunLimits& limits = run_.limits;
  const bool late = limits.duration && frame.timing.pts && *frame.timing.pts >= *limits.duration;
  if (!late) {
    ++handed_out_;
    note_capture(frame);
  }
  if (late || (limits.frames && handed_out_ >= *limits.frames)) {
    run_.counters.limit_reached.store(true, std::memory_order_relaxed);
    drain_from(1);
  }
  return !late;
}

void Lane::note_capture(const Buffer& frame) {
  RunCounters& counters = run_.counters;
  counters.captured.fetch_add(1, std::memory_order_relaxed);
  if (frame.flags.late) counters.late.fetch_add(1, std::memory_order_relaxed);
  const uint64_t sequence = frame.timing.sequence;
  if (sequence > next_sequence_) {
    counters.skipped.fetch_add(sequence - next_sequence_, std::memory_order_relaxed);
  }
  next_sequence_ = sequence + 1;
}

void Lane::note_delivery(const Buffer& unit) {
  RunCounters& counters = run_.counters;
  counters.delivered.fetch_add(1, std::memory_order_relaxed);
  if (!unit.video()) {  // a packet
    counters.packet_bytes.fetch_add(unit.size(), std::memory_order_relaxed);
  }
  if (unit.flags.repeated) counters.duplicated.fetch_add(1, std::memory_order_relaxed);
  if (unit.flags.corrupted) counters.corrupted.fetch_add(1, std::memory_order_relaxed);
  if (unit.timing.captured != Timestamp{}) {
    counters.latency.add(now() - unit.timing.captured);
  }
  if (unit.timing.pts) {
    const Duration end = *unit.timing.pts + unit.timing.duration.value_or(Duration{});
    counters.stream_time_ns.store(end.count(), std::memory_order_relaxed);
  }
}

void Lane::record_frame(observe::RecordType type, const Node& node, const Buffer& frame) {
  if (!frame.video()) return;
  const FramePlace place = place_of_plane(frame, 0);
  run_.recorder.write({.type = type,
                       .stage = node.id,
                       .subject = frame.timing.sequence,
                       .value = {place.memory.identity().device, place.memory.identity().inode,
                                 place.base, frame.video()->layout.plane[0].stride}});
}

void Lane::drain_from(size_t at) {
  if (draining_ && *draining_ >= at) return;
  for (FrameQueue* input : inputs_) {
    if (at > 0) input->abandon();
  }
  for (size_t behind = 0; behind < at && behind < again_.size(); ++behind) {
    again_[behind] = false;
    spares_[behind] = nullptr;
  }
  draining_ = at;
}

void Lane::finish() {
  spares_.clear();
  for (const Node& node : chain_) node.stage->stop();
  if (output_) output_->close();
  finished_.store(true, std::memory_order_release);
}

}  // namespace millrace
