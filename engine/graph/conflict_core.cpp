// SPDX-License-Identifier: MIT
#include "engine/graph/conflict_core.h"

#include <utility>

#include "engine/graph/fact_walk.h"
#include "engine/graph/merge.h"

namespace millrace {
namespace {

/// Lists the reasons of each fact that is present, with its place.
struct Lister {
  size_t port;
  std::vector<CorePlace>& places;
  size_t next = 0;

  template <class T>
  void operator()(const std::optional<Fact<T>>& fact) {
    if (fact) places.push_back({port, next, {fact->why}});
    ++next;
  }

  template <class T>
  void operator()(const std::vector<T>& facts) {
    Provenances why;
    for (const auto& fact : facts) add_reasons(why, {fact.why});
    if (!facts.empty()) places.push_back({port, next, std::move(why)});
    ++next;
  }
};

struct Dropper {
  size_t wanted;
  size_t next = 0;

  template <class Field>
  void operator()(Field& field) {
    if (next++ == wanted) field = {};
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
  walk_demands(result.ports[place.port].alternatives.front(), Dropper{place.fact});
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
      add_reasons(core.members, place.why);
    } else {
      left = std::move(fewer);
    }
  }
  if (core.members.empty() && !refused) core.members = refused.error().why;
  return core;
}

}  // namespace millrace
