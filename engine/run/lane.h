// SPDX-License-Identifier: MIT
// Lane: the chain of stages between two queues, driven a step at a time.
//
// A step calls one stage with one input and carries what it emits to the end of the chain. Before a
// step begins, everything that it could have to wait for is at hand: room in the output queue, and
// a free buffer for each stage that writes new frames. If something is missing the lane parks, and
// is woken when that changes; so no worker ever waits inside a lane.
//
// The end of a lane: when its input has ended (or the source is told to stop) each stage in turn is
// asked for what it still holds, then the output queue is closed. A stage that fails ends the
// lane's input; what stands downstream of it is drained all the same, so that files are finished.
// When the run gives up, a lane whose input never ends (a stage hangs upstream) drains as well.
//
// Confined: the executor calls `step` from one thread at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/bounded_queue.h"
#include "engine/base/ref.h"
#include "engine/graph/stage.h"
#include "engine/memory/buffer.h"
#include "engine/memory/pool.h"
#include "engine/observe/stage_scope.h"
#include "engine/run/executor.h"
#include "engine/run/run_state.h"

namespace millrace {

using FrameQueue = BoundedQueue<Ref<Buffer>>;

class Lane {
 public:
  struct Node {
    Stage* stage = nullptr;  ///< outlives the lane
    std::string name;
    observe::StageId id = observe::no_stage;
    observe::CpuAccess declared{};
    bool planned_transform = false;
    bool source = false;
    bool sink = false;
    Ref<BufferPool> output_pool;  ///< null where the stage takes buffers on its own, or needs none
  };

  struct Params {
    std::vector<Node> chain;          ///< at least one
    std::vector<FrameQueue*> inputs;  ///< by input port; empty for a source
    FrameQueue* output = nullptr;     ///< null for a sink
  };

  Lane(Params params, RunState& run);

  [[nodiscard]] StepOutcome step();

  [[nodiscard]] const std::string& name() const { return chain_.front().name; }

  [[nodiscard]] bool finished() const { return finished_.load(std::memory_order_acquire); }

  /// The name of the stage that is being called; null while the lane is parked. Thread-safe.
  [[nodiscard]] const std::string* busy_stage() const { return busy_stage_; }

 private:
  [[nodiscard]] bool have_spares();
  [[nodiscard]] std::optional<size_t> choose(Work& work);
  [[nodiscard]] bool take_input(Work& work);
  void carry(size_t at, Work work);
  /// One stage's part of it; null where there is nothing to hand on.
  [[nodiscard]] Ref<Buffer> pass(size_t at, Work& work);
  [[nodiscard]] Result<Flow> call(size_t at, Work& work);
  void note_flow(size_t at, Flow flow, bool draining);
  void note_failure(size_t at, const Error& error);
  [[nodiscard]] bool within_limits(const Buffer& frame);
  void note_capture(const Buffer& frame);
  void note_delivery(const Buffer& unit);
  void record_frame(observe::RecordType type, const Node& node, const Buffer& frame);
  void drain_from(size_t at);
  void finish();

  std::vector<Node> chain_;
  std::vector<FrameQueue*> inputs_;
  FrameQueue* output_;
  RunState& run_;
  std::vector<Ref<Buffer>> spares_;
  std::vector<bool> again_;
  std::optional<size_t> draining_;  ///< the stage that is being drained
  size_t next_input_ = 0;           ///< round robin over the inputs
  uint64_t handed_out_ = 0;         ///< frames of this lane's source
  uint64_t next_sequence_ = 0;      ///< that its next frame has, unless it skips some
  std::atomic<const std::string*> busy_stage_{nullptr};
  std::atomic<bool> finished_{false};
};

}  // namespace millrace
