// SPDX-License-Identifier: MIT
// Clip: a file that gives frames, one after the other, into buffers of our pool.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/format/stream_format.h"
#include "engine/graph/stage.h"

namespace millrace::avformat {

/// What a clip states before anything is decided.
struct ClipOffer {
  VideoFormat video;        ///< of the frames that it will give
  Alternative alternative;  ///< how their buffers must be
  bool transforms = false;  ///< its one write of each frame is a conversion
  std::vector<std::string> remarks;
};

/// Confined to one thread at a time.
class Clip {
 public:
  virtual ~Clip() = default;

  [[nodiscard]] virtual const ClipOffer& offer() const = 0;

  /// Commit: the pool and layout of the port are settled.
  [[nodiscard]] virtual Result<> bind(const Decision::Port& port, observe::Ledger& ledger) = 0;

  /// The next frame with its times and flags, or null at the end of the clip and when `stop` is
  /// asked for.
  [[nodiscard]] virtual Result<Ref<Buffer>> next(const std::stop_token& stop) = 0;

  /// What it has warned of so far. Thread-safe.
  [[nodiscard]] virtual std::vector<std::string> notices() const { return {}; }

  /// Gives back every buffer that is held.
  virtual void close() noexcept {}
};

}  // namespace millrace::avformat
