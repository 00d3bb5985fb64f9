// SPDX-License-Identifier: MIT
// Negotiation, domain by domain: first one pool for all, else a copy on one link, else an error
// with both sides' constraints.
#include "engine/graph/negotiation.h"

#include <utility>

#include <fmt/format.h>

#include "engine/graph/conflict_core.h"
#include "engine/graph/cut.h"
#include "engine/graph/domain.h"
#include "engine/graph/merge.h"
#include "engine/graph/offer_names.h"
#include "engine/graph/packet_pool.h"
#include "engine/graph/plan_builder.h"
#include "engine/graph/remedies.h"

namespace millrace {
namespace {

std::string name_of(const Domain& domain) {
  return fmt::format("{} -> {}", domain.ports.front().name(), domain.ports.back().name());
}

/// The error of a domain for which nothing was found.
Failure no_way(const Domain& domain, const Conflict& conflict) {
  const std::string what =
      fmt::format("negotiate {}: {} [{}]", name_of(domain), conflict.what, describe(conflict.why));
  if (conflict.overflow) {
    return fail(ErrorKind::usage, what, "choose a smaller size or smaller alignments");
  }
  return fail(ErrorKind::unavailable, what,
              "change one of the constraints in brackets, or put a converting stage between");
}

Result<> add_frames(const NegotiationInput& input, const Domain& domain, PlanBuilder& builder) {
  const Solved<Share> shared = share(input, whole(domain));
  if (shared && shared->cost.copies == 0) {
    builder.add_shared(domain, *shared);
    return {};
  }
  const Solved<Cut> parted = cut(input, domain);
  if (parted && (!shared || parted->cost < shared->cost)) {
    const Core core = conflict_core(input, domain, *parted);
    builder.add_cut(domain, *parted, core, find_remedies(input, core));
    return {};
  }
  if (!shared) return no_way(domain, shared.error());
  builder.add_shared(domain, *shared);
  return {};
}

Result<> add_packets(const NegotiationInput& input, const Domain& domain, PlanBuilder& builder) {
  const Solved<PlanPool> pool = solve_packets(input, domain);
  if (!pool) return no_way(domain, pool.error());
  builder.add_packets(domain, *pool);
  return {};
}

Result<> add_domain(const NegotiationInput& input, const Domain& domain, PlanBuilder& builder) {
  const StreamFormat& stream = domain.ports.front().port->stream;
  if (std::holds_alternative<VideoFormat>(stream)) return add_frames(input, domain, builder);
  if (std::holds_alternative<PacketFormat>(stream)) return add_packets(input, domain, builder);
  return fail(
      ErrorKind::unavailable,
      fmt::format("negotiate {}: no pool is known for {}", name_of(domain), to_string(stream)),
      "use stages that hand on frames or packets");
}

}  // namespace

Result<Plan> negotiate(const NegotiationInput& input) {
  NegotiationInput complete = input;
  for (StageOffer& stage : complete.stages) fill_in_names(stage);
  const std::vector<Domain> domains = MILLRACE_TRY(find_domains(complete));
  PlanBuilder builder(complete);
  for (const Domain& domain : domains) MILLRACE_TRY(add_domain(complete, domain, builder));
  return builder.finish();
}

}  // namespace millrace
