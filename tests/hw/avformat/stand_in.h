// SPDX-License-Identifier: MIT
// Plays the engine's part for one source: makes the pool that its offer asks for, runs it to its
// end and keeps what came out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/graph/stage.h"
#include "engine/observe/ledger.h"
#include "hw/avformat/file_source.h"

namespace millrace::avformat::testing {

/// One frame as a consumer sees it: its visible bytes are read while the consumer holds it.
struct Seen {
  BufferTiming timing;
  BufferFlags flags;
  std::string pixels;  ///< tightly packed
};

struct Played {
  std::vector<Seen> frames;
  StageOffer offer;
  VideoFormat video;
  uint64_t fills = 0;
  uint64_t transforms = 0;
  uint64_t copies = 0;
  size_t buffers = 0;          ///< in the pool
  size_t buffers_at_home = 0;  ///< when all was over
};

struct PlaySettings {
  FileSourceSettings source;
  size_t consumer_holds = 3;  ///< frames that downstream keeps for a while
  bool pixels = true;         ///< keep them
  size_t buffers = 0;         ///< in the pool; 0: as many as are asked for
  uint64_t stride_align = 0;  ///< bytes, of a consumer that is particular; 0: none is
};

/// Fails the test on any error.
[[nodiscard]] Played play(const PlaySettings& settings);
[[nodiscard]] Played play(const std::string& path);

/// A pool of `count` buffers in the layout that `port` asks for first.
[[nodiscard]] Ref<BufferPool> make_pool(const PortOffer& port, const VideoFormat& video,
                                        size_t count);

[[nodiscard]] Decision decide(const PortOffer& port, const VideoFormat& video,
                              const Ref<BufferPool>& pool, observe::Ledger& ledger);

/// The layout that serves `alternative` alone.
[[nodiscard]] Layout layout_for(const VideoFormat& video, const Alternative& alternative);

}  // namespace millrace::avformat::testing
