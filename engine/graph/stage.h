// SPDX-License-Identifier: MIT
// Stage: a node that makes, changes or consumes buffers; the interface that devices implement.
//
// Four phases, never mixed:
//   describe   `describe`, `propose_allocation`: pure statements, may be asked again and again
//   negotiate  the engine solves; no stage is asked
//   commit     `decide_allocation`: the stage configures its driver to what was decided
//   run        `process`: frames only move. No allocation, no logging, no string formatting
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <variant>

#include "engine/base/export.h"
#include "engine/base/ref.h"
#include "engine/base/result.h"
#include "engine/format/video_info.h"
#include "engine/graph/offer.h"
#include "engine/graph/plan.h"
#include "engine/memory/allocator.h"
#include "engine/memory/buffer.h"
#include "engine/memory/pool.h"
#include "engine/observe/ledger.h"

namespace millrace {

/// What the plan decided for the ports of one stage.
struct Decision {
  struct Port {
    std::string name;
    StreamFormat stream;      ///< settled
    Layout layout;            ///< of frames
    Ref<BufferPool> pool;     ///< outputs: where to take buffers; inputs: where they come from
    std::string alternative;  ///< inputs: the name of the chosen alternative
    observe::Ledger::Account* ingest_copy = nullptr;  ///< set when the stage itself must copy
    /// For a source whose picture changes its size while it runs: a pool that takes the place of
    /// `pool`, of as many buffers in the same heap, for pictures as given. Frames of it carry their
    /// own VideoMeta. Empty unless the output acquires itself and every input behind it takes any
    /// size. Called from `process`; allocates.
    std::function<Result<Ref<BufferPool>>(const VideoMeta&)> replace_pool;
  };

  std::vector<Port> ports;
  observe::Ledger* ledger = nullptr;  ///< for inherent copies and fills; outlives the stage's run

  [[nodiscard]] const Port* port(std::string_view name) const {
    for (const Port& candidate : ports) {
      if (candidate.name == name) return &candidate;
    }
    return nullptr;
  }
};

struct Accepted {};

/// The driver granted something else: solve again with these facts.
struct Adjusted {
  std::string port;
  Alternative constraints;
};

/// Not at all in this way: solve again without the alternative of that name.
struct Refused {
  std::string port;
  Alternative constraints;
  std::string why{};  ///< one sentence; the cause of the copy, if one is needed now
};

using Answer = std::variant<Accepted, Adjusted, Refused>;

enum class Flow : uint8_t {
  next,   ///< done with this input; a source: call again
  again,  ///< call again without new input: there is more to emit
  end,    ///< a source: no more frames; draining: nothing is held any more
};

/// One call's worth of work. Confined to the call.
struct Work {
  Ref<Buffer> input;      ///< null for a source, after Flow::again, and while draining
  size_t input_port = 0;  ///< index among the stage's input ports
  bool draining =
      false;             ///< no more input will come on any port: emit what is held, then Flow::end
  Ref<Buffer> output;    ///< a free buffer of the output pool, unless the port acquires itself
  std::stop_token stop;  ///< give up waits when asked

  /// Hands a buffer on; at most one a call (return Flow::again for more).
  void emit(Ref<Buffer> buffer) { emitted = std::move(buffer); }

  Ref<Buffer> emitted;  ///< what `emit` was given
};

class MILLRACE_API Stage {
 public:
  virtual ~Stage() = default;

  /// Describe. Pure. The engine fills in stage and port names of provenances.
  [[nodiscard]] virtual StageOffer describe() const = 0;

  /// Describe, for the input port that `query` names. Pure.
  virtual void propose_allocation(AllocationQuery& /*query*/) const {}

  /// Commit, before `decide_allocation`: the allocator of a heap that an alternative of this stage
  /// `lends`; null for every other. Lives as long as the stage.
  [[nodiscard]] virtual Allocator* lend(std::string_view /*heap*/) { return nullptr; }

  /// Commit. Errors are final; whatever can be solved in another way is an Answer.
  [[nodiscard]] virtual Result<Answer> decide_allocation(const Decision& decision) = 0;

  /// Run, on one thread at a time (not always the same one unless the offer says `blocks`).
  [[nodiscard]] virtual Result<Flow> process(Work& work) = 0;

  /// After the last `process`, also after an error. Must not wait for frames.
  virtual void stop() noexcept {}
};

}  // namespace millrace
