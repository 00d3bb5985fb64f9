// SPDX-License-Identifier: MIT
#include "engine/graph/graph.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/graph/offer_names.h"

namespace millrace {
namespace {

struct End {
  std::string stage, port;
};

/// Port names hold no dot; stage names may.
Result<End> parse_end(const std::string& text) {
  const size_t dot = text.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
    return fail(ErrorKind::usage, fmt::format("link \"{}\": not of the form stage.port", text),
                "write for example source.out");
  }
  return End{text.substr(0, dot), text.substr(dot + 1)};
}

std::string shown(const std::string& stage, const std::string& port) {
  return stage + "." + port;
}

std::string ports_of(const StageOffer& offer, Direction direction) {
  std::string list;
  for (const PortOffer& port : offer.ports) {
    if (port.direction == direction) list += (list.empty() ? "" : ", ") + port.name;
  }
  return list.empty() ? "none" : list;
}

Result<> check_end(const Graph& graph, const End& end, Direction direction) {
  const std::string_view wanted = direction == Direction::input ? "input" : "output";
  const std::string name = shown(end.stage, end.port);
  const Stage* stage = graph.stage(end.stage);
  if (!stage) {
    return fail(ErrorKind::usage, fmt::format("link {}: there is no stage \"{}\"", name, end.stage),
                "add the stage before it is linked");
  }
  const StageOffer offer = stage->describe();
  const PortOffer* port = offer.port(end.port);
  if (!port || port->direction != direction) {
    return fail(ErrorKind::usage,
                fmt::format("link {}: the stage has no {} \"{}\"", name, wanted, end.port),
                fmt::format("its {}s: {}", wanted, ports_of(offer, direction)));
  }
  return {};
}

bool uses(const LinkSpec& link, const End& from, const End& to) {
  return (link.from_stage == from.stage && link.from_port == from.port) ||
         (link.to_stage == to.stage && link.to_port == to.port);
}

bool is_linked(const std::vector<LinkSpec>& links, const std::string& stage,
               const PortOffer& port) {
  return std::ranges::any_of(links, [&](const LinkSpec& link) {
    return port.direction == Direction::input
               ? link.to_stage == stage && link.to_port == port.name
               : link.from_stage == stage && link.from_port == port.name;
  });
}

Result<> check_linked(const std::vector<LinkSpec>& links, const StageOffer& offer) {
  for (const PortOffer& port : offer.ports) {
    if (is_linked(links, offer.stage, port)) continue;
    return fail(ErrorKind::usage,
                fmt::format("describe the graph: {} is not linked", shown(offer.stage, port.name)),
                "link every port of every stage");
  }
  return {};
}

/// Of the stages all of whose inputs come from `done` the first by name, so that the order of
/// adding does not matter.
std::optional<size_t> next_ready(const std::vector<StageOffer>& waiting,
                                 const std::vector<StageOffer>& done,
                                 const std::vector<LinkSpec>& links) {
  std::optional<size_t> next;
  for (size_t index = 0; index < waiting.size(); ++index) {
    const bool ready = std::ranges::all_of(links, [&](const LinkSpec& link) {
      return link.to_stage != waiting[index].stage ||
             std::ranges::find(done, link.from_stage, &StageOffer::stage) != done.end();
    });
    if (ready && (!next || waiting[index].stage < waiting[*next].stage)) next = index;
  }
  return next;
}

Result<std::vector<StageOffer>> sort_upstream_first(std::vector<StageOffer> waiting,
                                                    const std::vector<LinkSpec>& links) {
  std::vector<StageOffer> done;
  while (!waiting.empty()) {
    const std::optional<size_t> next = next_ready(waiting, done, links);
    if (!next) {
      return fail(ErrorKind::usage,
                  fmt::format("describe the graph: the stages from \"{}\" on form a loop",
                              waiting.front().stage),
                  "remove one link of the loop");
    }
    done.push_back(std::move(waiting[*next]));
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(*next));
  }
  return done;
}

}  // namespace

Result<> Graph::add(std::string name, std::unique_ptr<Stage> stage) {
  if (name.empty() || this->stage(name)) {
    return fail(
        ErrorKind::usage,
        fmt::format("add stage \"{}\": the name is {}", name, name.empty() ? "empty" : "taken"),
        "give every stage a name of its own");
  }
  nodes_.push_back({std::move(name), std::move(stage)});
  return {};
}

Result<> Graph::link(const std::string& from, const std::string& to, Fact<uint64_t> queue_depth) {
  const End source = MILLRACE_TRY(parse_end(from));
  const End sink = MILLRACE_TRY(parse_end(to));
  MILLRACE_TRY(check_end(*this, source, Direction::output));
  MILLRACE_TRY(check_end(*this, sink, Direction::input));
  const auto taken = std::ranges::find_if(
      links_, [&](const LinkSpec& other) { return uses(other, source, sink); });
  if (taken != links_.end()) {
    return fail(ErrorKind::usage,
                fmt::format("link {} -> {}: {}.{} -> {}.{} uses one of the ends", from, to,
                            taken->from_stage, taken->from_port, taken->to_stage, taken->to_port),
                "a port takes part in one link");
  }
  queue_depth.why = named(queue_depth.why, source.stage, source.port);
  links_.push_back({source.stage, source.port, sink.stage, sink.port, std::move(queue_depth)});
  return {};
}

Result<std::vector<StageOffer>> Graph::describe() const {
  std::vector<StageOffer> offers;
  for (const Node& node : nodes_) {
    StageOffer offer = node.stage->describe();
    offer.stage = node.name;
    for (PortOffer& port : offer.ports) {
      port.proposal.port = port.name;
      if (port.direction == Direction::input) node.stage->propose_allocation(port.proposal);
    }
    fill_in_names(offer);
    MILLRACE_TRY(check_linked(links_, offer));
    offers.push_back(std::move(offer));
  }
  return sort_upstream_first(std::move(offers), links_);
}

Stage* Graph::stage(std::string_view name) const {
  const auto node = std::ranges::find(nodes_, name, &Node::name);
  return node == nodes_.end() ? nullptr : node->stage.get();
}

}  // namespace millrace
