// SPDX-License-Identifier: MIT
#include "engine/graph/offer_names.h"

#include <utility>

#include "engine/graph/fact_walk.h"

namespace millrace {
namespace {

/// Visits every kind of fact there is.
struct Namer {
  const std::string& stage;
  const std::string& port;

  void name(Provenance& why) const { why = named(std::move(why), stage, port); }

  template <class T>
  void operator()(std::optional<Fact<T>>& fact) const {
    if (fact) name(fact->why);
  }

  template <class T>
  void operator()(std::vector<T>& facts) const {
    for (auto& fact : facts) name(fact.why);
  }
};

}  // namespace

Provenance named(Provenance why, const std::string& stage, const std::string& port) {
  if (why.stage.empty()) why.stage = stage;
  if (why.port.empty()) why.port = port;
  if (why.raw.empty()) why.raw = "stated without a source";
  return why;
}

void fill_in_names(StageOffer& offer) {
  for (PortOffer& port : offer.ports) {
    const Namer namer{offer.stage, port.name};
    for (Alternative& alternative : port.alternatives) {
      walk_all(alternative, namer);
      if (alternative.ingest_copy) namer.name(alternative.ingest_copy->why);
    }
    for (AllocationQuery::MetaProposal& meta : port.proposal.metas) {
      Alternative carrier{.layout = std::move(meta.parameters)};
      walk_all(carrier, namer);
      meta.parameters = std::move(carrier.layout);
    }
  }
  const std::string any_port = offer.ports.empty() ? "itself" : offer.ports.front().name;
  for (InherentCopy& copy : offer.inherent) copy.why = named(copy.why, offer.stage, any_port);
}

}  // namespace millrace
