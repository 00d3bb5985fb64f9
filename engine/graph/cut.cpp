// SPDX-License-Identifier: MIT
#include "engine/graph/cut.h"

#include <optional>
#include <utility>

#include "engine/format/pixel_format.h"

namespace millrace {
namespace {

/// The copy stands at the consumer, so the queue of the cut link holds the producer's buffers.
Stretch before(const Domain& domain, size_t link) {
  Stretch stretch;
  for (size_t port = 0; port <= 2 * link; ++port) stretch.ports.push_back(&domain.ports[port]);
  for (size_t index = 0; index <= link; ++index) stretch.links.push_back(domain.links[index]);
  stretch.copied_from = true;
  stretch.may_ingest = false;
  return stretch;
}

Stretch after(const Domain& domain, size_t link) {
  Stretch stretch;
  for (size_t port = 2 * link + 1; port < domain.ports.size(); ++port) {
    stretch.ports.push_back(&domain.ports[port]);
  }
  for (size_t index = link + 1; index < domain.links.size(); ++index) {
    stretch.links.push_back(domain.links[index]);
  }
  stretch.copied_into = true;
  stretch.may_ingest = false;
  return stretch;
}

Fact<uint64_t> settled(const Figure& figure) {
  return {figure.value, figure.why.front()};
}

Cost cost_of(const Share& producer, const Share& consumer) {
  Cost cost;
  cost.copied_bytes = payload_of(producer);
  cost.copies = 1;
  cost.alternative_rank = producer.cost.alternative_rank + consumer.cost.alternative_rank;
  cost.format_rank = producer.cost.format_rank + consumer.cost.format_rank;
  cost.allocated_bytes = producer.cost.allocated_bytes + consumer.cost.allocated_bytes;
  cost.heap_rank = producer.cost.heap_rank + consumer.cost.heap_rank;
  return cost;
}

Solved<Cut> cut_at(const NegotiationInput& input, const Domain& domain, size_t link,
                   PixelFormat format) {
  Stretch left = before(domain, link);
  left.format = format;
  Solved<Share> producer = share(input, left);
  if (!producer) return tl::unexpected<Conflict>(producer.error());
  LayoutConstraints size;
  size.visible_width = settled(producer->layout.width);
  size.visible_height = settled(producer->layout.height);
  Stretch right = after(domain, link);
  right.format = format;
  right.format_why = producer->format.why;
  right.given = &size;
  Solved<Share> consumer = share(input, right);
  if (!consumer) return tl::unexpected<Conflict>(consumer.error());
  const Cost cost = cost_of(*producer, *consumer);
  return Cut{link, std::move(*producer), std::move(*consumer), cost};
}

/// The cheapest of what was found, or why the first of all did not work.
class Candidates {
 public:
  void add(Solved<Cut> candidate) {
    if (!candidate) {
      if (!first_conflict_) first_conflict_ = candidate.error();
    } else if (!best_ || candidate->cost < best_->cost) {
      best_ = std::move(*candidate);
    }
  }

  Solved<Cut> take() {
    if (best_) return std::move(*best_);
    return tl::unexpected<Conflict>(*first_conflict_);
  }

 private:
  std::optional<Cut> best_;
  std::optional<Conflict> first_conflict_;
};

}  // namespace

Stretch whole(const Domain& domain) {
  Stretch stretch;
  for (const DomainPort& port : domain.ports) stretch.ports.push_back(&port);
  stretch.links = domain.links;
  return stretch;
}

Solved<Cut> cut(const NegotiationInput& input, const Domain& domain) {
  Candidates candidates;
  for (size_t link = 0; link < domain.links.size(); ++link) {
    for (const PixelFormatFacts& format : all_pixel_formats()) {
      candidates.add(cut_at(input, domain, link, format.format));
    }
  }
  return candidates.take();
}

}  // namespace millrace
