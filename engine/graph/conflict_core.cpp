// SPDX-License-Identifier: MIT
#include "engine/graph/conflict_core.h"

#include <utility>

#include "engine/graph/fact_walk.h"
#include "engine/graph/merge.h"

namespace millrace {
namespace {

/// Lists the constraints of a port by their reasons.
struct Lister {
  size_t port;
  std::vector<CorePlace>& places;

  template <class T>
  void operator()(const std::optional<Fact<T>>& fact) {
    if (fact) add(fact->why, {fact->why});
  }

  template <class T>
  void operator()(const std::vector<T>& facts) {
    Provenances reasons;
    for (const auto& fact : facts) add_reasons(reasons, {fact.why});
    if (!facts.empty()) add(facts.front().why, reasons);
  }

  void add(const Provenance& why, const Provenances& reasons) {
    for (CorePlace& known : places) {
      if (known.port == port && known.why == why) return add_reasons(known.reasons, reasons);
    }
    places.push_back({port, why, reasons});
  }
};

struct Dropper {
  const Provenance& unwanted;

  template <class T>
  void operator()(std::optional<Fact<T>>& fact) const {
    if (fact && fact->why == unwanted) fact.reset();
  }

  template <class T>
  void operator()(std::vector<T>& facts) const {
    if (!facts.empty() && facts.front().why == unwanted) facts.clear();
  }
};

std::vector<CorePlace> list_places(const Domain& domain) {
  std::vector<CorePlace> places;
  for (size_t port = 0; port < domain.ports.size(); ++port) {
    walk_demands(domain.ports[port].alternatives.front(), Lister{port, places});
  }
  return places;
}

/// The domain as it was when the cut was chosen.
Domain narrowed(const Domain& domain, const Cut& cut) {
  Domain narrow = domain;
  for (size_t port = 0; port < narrow.ports.size(); ++port) {
    const size_t before = cut.before.chosen.size();
    narrow.ports[port].alternatives = {port < before ? cut.before.chosen[port]
                                                     : cut.after.chosen[port - before]};
  }
  return narrow;
}

}  // namespace

Solved<Share> share_all(const NegotiationInput& input, const Domain& domain,
                        const CommonFormat& format) {
  Stretch stretch = whole(domain);
  stretch.format = format.format;
  stretch.format_why = format.why;
  stretch.may_ingest = false;
  return share(input, stretch);
}

Domain without(const Domain& domain, const CorePlace& place) {
  Domain result = domain;
  walk_demands(result.ports[place.port].alternatives.front(), Dropper{place.why});
  return result;
}

Core conflict_core(const NegotiationInput& input, const Domain& domain, const Cut& cut) {
  Core core{narrowed(domain, cut), cut.before.format, {}, {}, {}};
  const Solved<Share> refused = share_all(input, core.domain, core.format);
  if (!refused) core.what = refused.error().what;
  Domain left = core.domain;
  for (const CorePlace& place : list_places(core.domain)) {
    Domain fewer = without(left, place);
    if (share_all(input, fewer, core.format)) {
      core.places.push_back(place);
      add_reasons(core.members, place.reasons);
    } else {
      left = std::move(fewer);
    }
  }
  if (core.members.empty() && !refused) core.members = refused.error().why;
  // In the core's own words: the first refusal may have spoken of a constraint that was dropped.
  const Solved<Share> still_refused = share_all(input, left, core.format);
  if (!still_refused) core.what = still_refused.error().what;
  return core;
}

}  // namespace millrace
