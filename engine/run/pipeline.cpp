// SPDX-License-Identifier: MIT
#include "engine/run/pipeline.h"

#include <atomic>
#include <fstream>
#include <map>
#include <sstream>

#include <unistd.h>

#include <fmt/format.h>

#include "engine/observe/witness.h"
#include "engine/run/commit.h"
#include "engine/run/executor.h"
#include "engine/run/lane.h"
#include "engine/run/run_state.h"
#include "engine/run/wiring.h"

namespace millrace {

struct Pipeline::State {
  PipelineOptions options;
  AllocatorSet allocators;  // outlive every buffer that a stage may still hold
  Graph graph;
  Committed committed;
  Wiring wiring;
  RunState run;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::vector<std::shared_ptr<Wake>> wakes;  // by lane
  std::atomic<int64_t> started_ns{0};
  std::atomic<int64_t> ended_ns{0};
  std::vector<observe::Record> records;
  uint64_t witness_before = 0;

  State(Graph g, AllocatorSet a, const PipelineOptions& o)
      : options(o), allocators(std::move(a)), graph(std::move(g)) {}

  void build_lanes();
  void connect();
  void disconnect();
  void watch(Executor& executor, const std::stop_token& stop);
  [[nodiscard]] const std::string* unfinished_stage() const;
  [[nodiscard]] Result<> outcome() const;
  [[nodiscard]] ProofEvidence evidence() const;
};

Result<NegotiationInput> negotiation_input(const Graph& graph, const AllocatorSet& allocators,
                                           const OptionalNumber& extra_buffers) {
  NegotiationInput input;
  input.stages = MILLRACE_TRY(graph.describe());
  input.links = graph.links();
  for (const AllocatorSet::Entry& entry : allocators.entries()) {
    const std::string name(entry.allocator->heap());
    input.heaps.push_back({name,
                           entry.largest,
                           {"machine", name, Origin::queried, entry.origin + " works here", true}});
  }
  const long page = ::sysconf(_SC_PAGESIZE);
  input.page_size = {
      static_cast<uint64_t>(page),
      {"machine", "page", Origin::queried, fmt::format("sysconf(_SC_PAGESIZE): {}", page), true}};
  input.extra_buffers = extra_buffers;
  return input;
}

Result<std::unique_ptr<Pipeline>> Pipeline::create(Graph graph, AllocatorSet allocators,
                                                   const PipelineOptions& options) {
  auto state = std::make_unique<State>(std::move(graph), std::move(allocators), options);
  NegotiationInput input =
      MILLRACE_TRY(negotiation_input(state->graph, state->allocators, options.extra_buffers));
  state->committed = MILLRACE_TRY(commit(state->graph, std::move(input), state->allocators));
  MILLRACE_TRY(check_wirable(state->committed.plan));
  state->wiring = wire(state->graph, state->committed);
  for (const Ref<BufferPool>& pool : state->committed.pools) {
    pool->name_holders(state->wiring.stage_names);
  }
  state->run.limits = {options.max_frames, options.max_duration};
  state->run.validate = options.validate;
  for (size_t id = 0; id < state->wiring.stage_names.size(); ++id) {
    state->run.undeclared_windows.emplace_back(0U);
  }
  state->build_lanes();
  return std::unique_ptr<Pipeline>(new Pipeline(std::move(state)));
}

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}

Pipeline::~Pipeline() = default;

void Pipeline::State::build_lanes() {
  for (const Wiring::LanePlan& plan : wiring.lanes) {
    lanes.push_back(std::make_unique<Lane>(plan.params, run));
    wakes.push_back(std::make_shared<Wake>([lane = lanes.back().get()] { return lane->step(); }));
  }
}

/// Tells every queue and pool which lane to wake.
void Pipeline::State::connect() {
  std::map<FrameQueue*, FrameQueue::Hooks> hooks;
  for (size_t index = 0; index < lanes.size(); ++index) {
    const auto wake = [lane = wakes[index]] { lane->wake(); };
    const Lane::Params& params = wiring.lanes[index].params;
    for (FrameQueue* input : params.inputs) hooks[input].item_or_end = wake;
    if (params.output) hooks[params.output].space = wake;
    for (const Lane::Node& node : params.chain) {
      if (node.output_pool) node.output_pool->on_available(wake);
    }
  }
  for (auto& [queue, hook] : hooks) queue->set_hooks(std::move(hook));
}

void Pipeline::State::disconnect() {
  for (const Ref<BufferPool>& pool : committed.pools) pool->on_available({});
}

/// Until all lanes have ended: collects records, and gives up when a stop takes too long.
void Pipeline::State::watch(Executor& executor, const std::stop_token& stop) {
  // Often enough that no ring of records fills up at any frame rate (recorder.cpp).
  constexpr auto look_every = std::chrono::milliseconds(100);
  std::optional<Timestamp> give_up;
  while (!executor.wait(now() + look_every)) {
    if (run.validate) run.recorder.drain(records);
    if (!give_up && (stop.stop_requested() || run.end_of_input.stop_requested())) {
      give_up = now() + options.stop_deadline;
    }
    if (give_up && now() > *give_up) {
      run.abort.request_stop();
      executor.wake_all();
      if (!executor.wait(now() + std::chrono::seconds(2))) return;
    }
  }
  if (run.validate) run.recorder.drain(records);
}

Result<> Pipeline::run(std::stop_token stop) {
  State& state = *state_;
  auto executor = std::make_unique<Executor>();
  for (size_t index = 0; index < state.lanes.size(); ++index) {
    executor->add(state.wakes[index], state.wiring.lanes[index].blocks, state.lanes[index]->name());
  }
  state.connect();
  state.witness_before = observe::witness::bytes_read();
  state.started_ns = now().time_since_epoch().count();
  {
    const std::stop_callback on_stop(stop, [&] { state.run.end_of_input.request_stop(); });
    // A parked source must look up to notice the stop, whoever asked for it.
    const std::stop_callback on_end(state.run.end_of_input.get_token(), [&] {
      for (const auto& wake : state.wakes) wake->wake();
    });
    executor->start(state.options.workers);
    state.watch(*executor, stop);
  }
  state.ended_ns = now().time_since_epoch().count();
  if (const std::string* stage = state.unfinished_stage()) {
    static_cast<void>(executor.release());  // its thread hangs in a stage; it must outlive us
    return fail(
        ErrorKind::timeout,
        fmt::format(
            "stop the pipeline: stage {} did not end within {} s", *stage,
            std::chrono::duration_cast<std::chrono::seconds>(state.options.stop_deadline).count()),
        "The driver or device behind it hangs; what was written so far is kept.");
  }
  executor.reset();
  state.disconnect();
  return state.outcome();
}

/// Null when all lanes have ended; else the stage that hangs, rather than one that waits for it.
const std::string* Pipeline::State::unfinished_stage() const {
  const std::string* waiting = nullptr;
  for (const auto& lane : lanes) {
    if (lane->finished()) continue;
    if (const std::string* busy = lane->busy_stage()) return busy;
    if (!waiting) waiting = &lane->name();
  }
  return waiting;
}

Result<> Pipeline::State::outcome() const {
  if (const std::optional<Error> error = run.error()) return fail(*error);
  if (!options.legs.windows) return {};
  for (size_t id = 0; id < run.undeclared_windows.size(); ++id) {
    if (run.undeclared_windows[id] == 0) continue;
    return fail(
        ErrorKind::internal,
        fmt::format("run stage {}: it touched frame memory with the CPU {} times without having "
                    "declared it",
                    wiring.stage_names[id], run.undeclared_windows[id].load()),
        "Its zero-copy claim cannot be trusted; report this.");
  }
  return {};
}

const Plan& Pipeline::plan() const {
  return state_->committed.plan;
}

const observe::Ledger& Pipeline::ledger() const {
  return *state_->committed.ledger;
}

RunSnapshot Pipeline::snapshot() const {
  const RunCounters& counters = state_->run.counters;
  const int64_t started = state_->started_ns;
  const int64_t ended = state_->ended_ns;
  RunSnapshot snapshot;
  snapshot.captured = counters.captured;
  snapshot.delivered = counters.delivered;
  snapshot.skipped = counters.skipped;
  snapshot.late = counters.late;
  snapshot.duplicated = counters.duplicated;
  snapshot.corrupted = counters.corrupted;
  snapshot.packet_bytes = counters.packet_bytes;
  snapshot.latency_p50_ms = counters.latency.percentile_ms(0.50);
  snapshot.latency_p99_ms = counters.latency.percentile_ms(0.99);
  snapshot.stream_time = Duration(counters.stream_time_ns.load());
  snapshot.limit_reached = counters.limit_reached;
  snapshot.source_ended = counters.source_ended;
  snapshot.finished = ended != 0;
  if (started != 0) {
    snapshot.elapsed = Duration((ended != 0 ? ended : now().time_since_epoch().count()) - started);
  }
  if (snapshot.finished && snapshot.captured > snapshot.delivered) {
    snapshot.dropped = snapshot.captured - snapshot.delivered;
  }
  return snapshot;
}

ProofEvidence Pipeline::State::evidence() const {
  ProofEvidence found;
  found.records = records;
  found.lost_records = run.recorder.dropped();
  found.pool_files = committed.files->by_pool();
  found.host_frames = committed.files->has_host_frames();
  found.stage_names = wiring.stage_names;
  found.stage_input_pool = wiring.input_pool;
  found.stage_output_pool = wiring.output_pool;
  for (const auto& count : run.undeclared_windows) found.undeclared_windows.push_back(count);
  if (!options.driver_log.empty()) {
    std::ostringstream text;
    text << std::ifstream(options.driver_log).rdbuf();
    found.driver_log = text.str();
  }
  for (const StageOffer& offer : committed.plan.stages) {
    if (offer.kind == StageKind::encoder) found.encoder_stage = offer.stage;
  }
  found.frames = run.counters.delivered;
  found.ledger_copied_bytes = committed.ledger->bytes(observe::MoveKind::copy);
  found.witness_present = observe::witness::present();
  found.witness_bytes = observe::witness::bytes_read() - witness_before;
  return found;
}

std::optional<Proof> Pipeline::proof() const {
  if (!state_->options.validate) return std::nullopt;
  return prove(state_->committed.plan, state_->evidence(), state_->options.legs);
}

}  // namespace millrace
