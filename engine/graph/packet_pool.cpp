// SPDX-License-Identifier: MIT
#include "engine/graph/packet_pool.h"

#include <utility>

#include <fmt/format.h>

#include "engine/graph/layout_solver.h"
#include "engine/graph/offer_names.h"

namespace millrace {
namespace {

constexpr std::string_view packet_heap = "host";

/// The producer's own bound, and any other member's wish for more.
Figure packet_size(const Domain& domain, const PacketFormat& packets) {
  const DomainPort& producer = domain.ports.front();
  Facts bounds;
  for (const DomainPort& port : domain.ports) {
    const OptionalNumber& bound = port.alternatives.front().layout.alloc_min;
    if (bound) bounds.push_back(*bound);
  }
  const Figure stated{packets.max_packet_bytes,
                      {{producer.stage->stage, producer.port->name, Origin::documented,
                        fmt::format("largest packet of the offered stream {}: {} bytes",
                                    to_string(producer.port->stream), packets.max_packet_bytes),
                        true}}};
  const std::optional<Figure> bound = greatest(bounds);
  return bound && bound->value >= stated.value ? *bound : stated;
}

}  // namespace

Solved<PlanPool> solve_packets(const NegotiationInput& input, const Domain& domain) {
  PlanPool pool;
  pool.stream = domain.ports.front().port->stream;
  pool.heap = packet_heap;
  pool.heap_reason = "packets are written and read by the CPU";
  pool.size = packet_size(domain, std::get<PacketFormat>(pool.stream));
  if (pool.size.value == 0 || pool.size.value > largest_buffer) {
    return overflow(
        fmt::format("a packet of {} bytes is not within 1 to {}", pool.size.value, largest_buffer),
        pool.size.why);
  }
  Fact<uint64_t> page = input.page_size;
  page.why = named(page.why, "machine", "memory");
  Solved<Figure> alloc = round_up(pool.size, {page}, "size of a packet");
  if (!alloc) return tl::unexpected<Conflict>(alloc.error());
  pool.alloc = std::move(*alloc);
  pool.align = {page.value, {page.why}};
  Solved<Figure> count = count_in(input, whole(domain));
  if (!count) return tl::unexpected<Conflict>(count.error());
  pool.count = std::move(*count);
  return pool;
}

}  // namespace millrace
