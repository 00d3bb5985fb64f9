// SPDX-License-Identifier: MIT
// Pipeline: a Plan at work. Owns the graph, the pools, the queues and the lanes.
//
//   create   negotiates, allocates the pools, lets every stage decide (and solves again when one
//            cannot): after it the plan is final and nothing has run
//   run      moves frames until the sources end, a limit is reached, `stop` is asked for, or a
//   stage
//            fails; then everything downstream is drained and finished, so that what was recorded
//            is kept
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/graph/graph.h"
#include "engine/graph/negotiation.h"
#include "engine/graph/plan.h"
#include "engine/memory/allocator_set.h"
#include "engine/observe/ledger.h"
#include "engine/run/proof.h"
#include "engine/run/snapshot.h"

namespace millrace {

struct PipelineOptions {
  std::optional<uint64_t> max_frames;    ///< frames of each source
  std::optional<Duration> max_duration;  ///< stream time of each source
  OptionalNumber extra_buffers;          ///< the user's number of buffers for each frame pool
  Duration stop_deadline = std::chrono::seconds(20);  ///< from the wish to stop to the end
  unsigned workers = 2;
  /// Records what every stage reads and writes, for `proof`. `driver_log` is the file into which
  /// the software VA driver logs what it reads.
  bool validate = false;
  std::string driver_log;
  ProofLegs legs{};  ///< which legs of the proof are looked at
};

/// What `negotiate` needs to know of a graph and of this machine's heaps.
[[nodiscard]] MILLRACE_API Result<NegotiationInput> negotiation_input(
    const Graph& graph, const AllocatorSet& allocators, const OptionalNumber& extra_buffers);

class MILLRACE_API Pipeline {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Pipeline>> create(Graph graph,
                                                                AllocatorSet allocators,
                                                                const PipelineOptions& options);
  ~Pipeline();

  /// Blocks until the end. Returns the first error of a stage. After the error `timeout` (a stage
  /// did not end within the stop deadline) its thread still runs: leave the process without
  /// destroying the Pipeline.
  [[nodiscard]] Result<> run(std::stop_token stop);

  [[nodiscard]] const Plan& plan() const;
  [[nodiscard]] const observe::Ledger& ledger() const;

  /// Thread-safe.
  [[nodiscard]] RunSnapshot snapshot() const;

  /// After `run` in validate mode: what the three legs found.
  [[nodiscard]] std::optional<Proof> proof() const;

 private:
  struct State;
  explicit Pipeline(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace millrace
