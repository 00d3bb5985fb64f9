// SPDX-License-Identifier: MIT
// Offer: everything that a stage states about itself before anything is decided. Plain values: a
// plan can be made again from recorded offers with the stages gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/format/stream_format.h"
#include "engine/graph/constraints.h"
#include "engine/observe/stage_scope.h"

namespace millrace {

enum class Direction : uint8_t { input, output };

/// How a port's memory may come into being.
struct PortRole {
  bool may_allocate = false;     ///< has a pool of its own to lend (a driver's queue, surfaces)
  bool may_import = true;        ///< takes buffers that somebody else allocated
  bool acquires_itself = false;  ///< output: the stage takes buffers from its pool on its own
  bool any_size = false;  ///< input: takes pictures of other sizes too, as their VideoMeta says
};

/// Downstream tells upstream what it would lend and understand, as GStreamer's ALLOCATION query
/// does.
struct AllocationQuery {
  struct PoolProposal {
    std::string heap;  ///< of the pool that the stage would lend
    uint64_t min = 0;  ///< buffers
    uint64_t max = 0;  ///< 0: no limit
  };

  struct MetaProposal {
    std::string name;              ///< "VideoMeta", "CropMeta"
    LayoutConstraints parameters;  ///< for VideoMeta: alignment that its layout should have
  };

  std::string port;  ///< which port is asked
  std::vector<PoolProposal> pools;
  std::vector<MetaProposal> metas;
};

struct PortOffer {
  std::string name;  ///< "in", "out", "video0"; unique within the stage
  Direction direction = Direction::output;
  /// What flows; for video the pixel format is settled by the alternatives.
  StreamFormat stream;
  /// Best first. Needed for video; for packets one with the counts is enough.
  std::vector<Alternative> alternatives;
  PortRole role{};
  AllocationQuery proposal{};  ///< inputs: the stage's answer to the allocation query
  observe::CpuAccess cpu{};    ///< CPU windows that it opens on this port's frames in every way
};

enum class StageKind : uint8_t {
  source,     ///< no input
  in_place,   ///< hands on the buffers that it gets; one domain with its neighbours
  transform,  ///< writes new frames, counted as TRANSFORM; its output starts a new domain
  encoder,    ///< frames in, packets out
  sink,       ///< no output
};

/// A copy inside a library, driver or server which nobody here can avoid.
struct InherentCopy {
  std::string where;  ///< "libx264: its own input copy"
  uint64_t bytes_per_frame = 0;
  Provenance why;
  std::string alternative{};  ///< only where an input is served in this way; empty: always
};

struct StageOffer {
  std::string stage;  ///< the stage's name in the graph
  StageKind kind = StageKind::source;
  std::vector<PortOffer> ports;
  bool blocks = false;  ///< blocks in the kernel while it works, so it needs a thread of its own
  /// A source whose one write of each frame is a conversion: counted as a TRANSFORM of its own.
  bool fills_by_transform = false;
  std::vector<InherentCopy> inherent;
  std::vector<std::string>
      remarks;  ///< what a reader of the plan should know: "odd width 321 padded to 322"

  [[nodiscard]] const PortOffer* port(std::string_view name) const {
    for (const PortOffer& offer : ports) {
      if (offer.name == name) return &offer;
    }
    return nullptr;
  }
};

}  // namespace millrace
