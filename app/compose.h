// SPDX-License-Identifier: MIT
// Compose: a PipelineConfig becomes the stages, links and heaps of one recording.
//
//   source ─► [convert] ─► encode ─► mux
//   source ─► [convert] ─► output            into a V4L2 device
//
// The convert stage is there only where the encoder, or the device, cannot take the source's frames
// as they are.
// Things are opened in this order: the source, the encoder; the output file is made last of all,
// when the plan is committed, so that no failure leaves an empty file.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/pipeline_config.h"
#include "engine/base/result.h"
#include "engine/graph/graph.h"
#include "engine/memory/allocator_set.h"
#include "hw/avformat/mux_settings.h"
#include "hw/v4l2/output_stage.h"
#include "hw/vaapi/encode_stage.h"

namespace millrace::app {

struct Output {
  std::string path;        ///< expanded
  bool is_device = false;  ///< a V4L2 device, which takes raw frames
  bool replace = false;    ///< an existing file may be overwritten
  int stream = -1;         ///< borrowed: where it goes instead, if `path` is stdout
  std::function<void(uint64_t)> on_low_disk;  ///< told the free bytes when too few are left
  std::stop_token stop;                       ///< gives up the wait for a pipe's reader
  std::function<void(const avformat::WrittenFile&)> on_end;  ///< told once what it has become
};

struct Composition {
  Graph graph;
  AllocatorSet allocators;
  /// The stage's own, which lives in the graph; its rung is the plan's once that is committed.
  const vaapi::EncoderFacts* encoder = nullptr;
  const v4l2::OutputStage* device = nullptr;  ///< instead of an encoder; lives in the graph, too
  VideoFormat source;                         ///< what the source hands out
  std::string source_detail;                  ///< of a desktop: "screen 1920x1080 of :0"
  std::vector<std::string> remarks;           ///< what the user should know before anything runs
  /// What only the run has shown of the source; good while the graph lives. May be empty.
  std::function<std::vector<std::string>()> notices;
};

[[nodiscard]] Result<Composition> compose(const PipelineConfig& config, const Output& output);

/// This machine's heaps: udmabuf where it opens, memfd, host memory.
[[nodiscard]] AllocatorSet machine_heaps();

}  // namespace millrace::app
