// SPDX-License-Identifier: MIT
// Sharing: can these ports use one pool, and which is the best way?
//
// Alternatives are multiplied in rank order; each combination is tried with each common format and
// the first heap that serves. Of all that work the cheapest is taken, by a cost that compares whole
// numbers only, so that the same offers always give the same answer.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/graph/domain.h"
#include "engine/graph/format_choice.h"
#include "engine/graph/heap_choice.h"
#include "engine/graph/layout_solver.h"

namespace millrace {

/// Compared from the top; less is better.
struct Cost {
  uint64_t copied_bytes = 0;      ///< a frame
  uint64_t copies = 0;            ///< a frame
  uint64_t ingest = 0;            ///< 1: the consumer copies by itself, which nobody else can use
  uint64_t alternative_rank = 0;  ///< places in the lists, summed
  uint64_t format_rank = 0;
  uint64_t allocated_bytes = 0;
  uint64_t heap_rank = 0;
  uint64_t modifier = 0;
  friend auto operator<=>(const Cost&, const Cost&) = default;
};

/// A stretch of a domain that is to use one pool.
struct Stretch {
  std::vector<const DomainPort*> ports;
  std::vector<size_t> links;          ///< whose queues hold buffers of this pool
  bool copied_from = false;           ///< a copy engine reads the pool, behind the last port
  bool copied_into = false;           ///< a copy engine fills the pool, before the first port
  bool may_ingest = true;             ///< a consumer may copy by itself
  std::optional<PixelFormat> format;  ///< settled already
  Provenances format_why;
  const LayoutConstraints* given = nullptr;  ///< settled already: the visible size
};

struct Share {
  std::vector<Alternative> chosen;  ///< by port
  CommonFormat format;
  SolvedLayout layout;
  HeapChoice heap;
  Figure align;
  Figure count;
  Cost cost;

  [[nodiscard]] const IngestCopy* ingest() const;
};

/// Errors: the conflict of the best liked combination.
[[nodiscard]] Solved<Share> share(const NegotiationInput& input, const Stretch& stretch);

/// Buffers for a stretch whose ports take part with their first alternatives. The user's number is
/// for frame pools and is left out.
[[nodiscard]] Solved<Figure> count_in(const NegotiationInput& input, const Stretch& stretch);

/// Bytes of the visible samples of one frame.
[[nodiscard]] uint64_t payload_of(const Share& share);

}  // namespace millrace
