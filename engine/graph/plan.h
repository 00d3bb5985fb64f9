// SPDX-License-Identifier: MIT
// Plan: what was decided for every link, with a reason for every number. Prints itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/format/video_info.h"
#include "engine/graph/offer.h"
#include "engine/graph/provenance.h"

namespace millrace {

enum class Verdict : uint8_t {
  shared,     ///< the same memory on both sides
  copied,     ///< frame bytes are moved, unchanged
  transform,  ///< the consumer reads the frame to write another one
};

[[nodiscard]] MILLRACE_API std::string_view to_string(Verdict verdict);

/// One pool: equal buffers that every member of a domain uses.
struct PlanPool {
  struct Plane {
    Figure offset, stride, rows;
    Figure object_size;  ///< bytes of the plane's own memory; only where `objects` is per_plane
  };

  uint32_t id = 0;
  std::string owner;                 ///< "source.out": who fills the buffers
  std::vector<std::string> members;  ///< every port that touches them, the owner first
  StreamFormat stream;               ///< of frames: the settled format and visible size
  std::string heap;                  ///< "memfd"; empty where the owner brings its own memory
  std::string heap_reason;
  Modifier modifier = Modifier::linear;
  Figure width, height;              ///< visible pixels (frames)
  Figure coded_width, coded_height;  ///< pixels (frames)
  std::array<Plane, max_planes> plane;
  ObjectLayout objects = ObjectLayout::one;
  Figure align;  ///< of each buffer's first byte
  Figure size;   ///< bytes that hold the picture, or the largest packet
  Figure alloc;  ///< bytes that each buffer takes
  Figure count;

  /// For frames: the numbers above as a layout.
  [[nodiscard]] MILLRACE_API Layout layout() const;

  [[nodiscard]] const VideoFormat* video() const { return std::get_if<VideoFormat>(&stream); }
};

struct PlanEdge {
  uint32_t id = 0;
  std::string from;  ///< "source.out"
  std::string to;    ///< "encode.in"
  Verdict verdict = Verdict::shared;
  std::string reason;                 ///< one sentence
  uint32_t pool = 0;                  ///< of the producer's buffers
  std::optional<uint32_t> copy_pool;  ///< set where a copy stage feeds the consumer from this pool
  std::string alternative;            ///< of the consumer: "import"
  std::optional<Figure> copied_bytes_per_frame;  ///< set where the verdict is `copied`
  bool ingest_copy = false;                      ///< the consumer itself makes the copy
  std::vector<Provenance> conflict;   ///< the smallest set of constraints that forced a copy
  std::vector<std::string> remedies;  ///< what would make the edge shared
  Figure queue_depth;                 ///< buffers between producer and consumer; 0: same lane
};

struct Plan {
  std::vector<StageOffer> stages;  ///< in graph order, as offered, with the inherent copies of the
                                   ///< ways that were chosen
  std::vector<PlanPool> pools;
  std::vector<PlanEdge> edges;

  [[nodiscard]] MILLRACE_API const PlanPool* pool_of(std::string_view port) const;
  [[nodiscard]] MILLRACE_API const PlanEdge* edge_into(std::string_view port) const;

  /// Frame bytes copied per frame over all edges.
  [[nodiscard]] MILLRACE_API uint64_t copied_bytes_per_frame() const;
  [[nodiscard]] MILLRACE_API uint64_t copies_per_frame() const;
  [[nodiscard]] MILLRACE_API uint64_t transforms_per_frame() const;

  /// For people; the same facts as JSON, one object; and as a Graphviz graph.
  [[nodiscard]] MILLRACE_API std::string text() const;
  [[nodiscard]] MILLRACE_API std::string json() const;
  [[nodiscard]] MILLRACE_API std::string dot() const;
};

}  // namespace millrace
