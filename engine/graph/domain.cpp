// SPDX-License-Identifier: MIT
#include "engine/graph/domain.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace millrace {
namespace {

struct PortAt {
  const StageOffer* stage = nullptr;
  const PortOffer* port = nullptr;
};

Result<PortAt> find_port(const NegotiationInput& input, const std::string& stage,
                         const std::string& port, Direction direction) {
  const auto offer = std::ranges::find(input.stages, stage, &StageOffer::stage);
  const PortOffer* found = offer == input.stages.end() ? nullptr : offer->port(port);
  if (!found || found->direction != direction) {
    return fail(ErrorKind::usage,
                fmt::format("negotiate: the link names {}.{}, which no stage offers as an {}",
                            stage, port, direction == Direction::input ? "input" : "output"),
                "link ports that the stages offer");
  }
  return PortAt{&*offer, found};
}

Provenance stream_of(const PortAt& at) {
  return {at.stage->stage, at.port->name, Origin::documented,
          "offered stream " + to_string(at.port->stream), true};
}

/// What a producer's stream says, where its alternative is silent about it.
void add_stream_facts(const PortAt& at, Alternative& alternative) {
  const auto* video = std::get_if<VideoFormat>(&at.port->stream);
  if (!video || video->width == 0 || video->height == 0) return;
  const Provenance why = stream_of(at);
  LayoutConstraints& layout = alternative.layout;
  if (!layout.visible_width) layout.visible_width = {video->width, why};
  if (!layout.visible_height) layout.visible_height = {video->height, why};
  if (layout.formats.empty()) layout.formats.push_back({video->format, Modifier::linear, 0, why});
}

/// A member's stream is a constraint only where it differs from what the producer makes; where it
/// agrees it is no reason for anything.
void add_other_size(const PortAt& at, const LayoutConstraints& producer,
                    LayoutConstraints& layout) {
  const auto* video = std::get_if<VideoFormat>(&at.port->stream);
  if (!video || video->width == 0 || video->height == 0) return;
  const Provenance why = stream_of(at);
  const auto differs = [](const OptionalNumber& made, uint64_t taken) {
    return !made || made->value != taken;
  };
  if (!layout.visible_width && differs(producer.visible_width, video->width)) {
    layout.visible_width = {video->width, why};
  }
  if (!layout.visible_height && differs(producer.visible_height, video->height)) {
    layout.visible_height = {video->height, why};
  }
}

DomainPort make_port(const PortAt& at, const DomainPort* producer) {
  DomainPort port{at.stage, at.port, at.port->alternatives};
  if (port.alternatives.empty()) port.alternatives.push_back({.name = "any"});
  for (Alternative& alternative : port.alternatives) {
    if (producer) {
      add_other_size(at, producer->alternatives.front().layout, alternative.layout);
    } else {
      add_stream_facts(at, alternative);
    }
  }
  return port;
}

std::optional<size_t> link_from(const NegotiationInput& input, const StageOffer& stage,
                                const std::string& port) {
  for (size_t index = 0; index < input.links.size(); ++index) {
    const LinkSpec& link = input.links[index];
    if (link.from_stage == stage.stage && link.from_port == port) return index;
  }
  return std::nullopt;
}

/// The output through which an in-place stage hands its input on.
const PortOffer* in_place_output(const PortAt& at) {
  if (at.stage->kind != StageKind::in_place) return nullptr;
  const auto output = std::ranges::find(at.stage->ports, Direction::output, &PortOffer::direction);
  return output == at.stage->ports.end() ? nullptr : &*output;
}

Result<Domain> follow(const NegotiationInput& input, const PortAt& producer, size_t first_link) {
  Domain domain;
  PortAt from = producer;
  std::optional<size_t> link = first_link;
  // A chain visits each link at most once, so a loop of in-place stages ends here.
  while (link && domain.links.size() < input.links.size()) {
    const LinkSpec& spec = input.links[*link];
    const PortAt to = MILLRACE_TRY(find_port(input, spec.to_stage, spec.to_port, Direction::input));
    if (from.port->stream.index() != to.port->stream.index()) {
      return fail(ErrorKind::unavailable,
                  fmt::format("negotiate {}.{} -> {}.{}: one makes {}, the other takes {}",
                              from.stage->stage, from.port->name, to.stage->stage, to.port->name,
                              to_string(from.port->stream), to_string(to.port->stream)),
                  "put a stage between them that turns one into the other");
    }
    const bool first = domain.ports.empty();
    domain.ports.push_back(make_port(from, first ? nullptr : &domain.ports.front()));
    domain.ports.push_back(make_port(to, &domain.ports.front()));
    domain.links.push_back(*link);
    const PortOffer* output = in_place_output(to);
    from = {to.stage, output};
    link = output ? link_from(input, *to.stage, output->name) : std::nullopt;
  }
  return domain;
}

/// The domain that begins at an output.
Result<Domain> domain_from(const NegotiationInput& input, const PortAt& producer) {
  const std::optional<size_t> link = link_from(input, *producer.stage, producer.port->name);
  if (link) return follow(input, producer, *link);
  return fail(
      ErrorKind::usage,
      fmt::format("negotiate: {}.{} leads nowhere", producer.stage->stage, producer.port->name),
      "link it to an input");
}

/// Where domains begin: the outputs of all stages that write frames or packets of their own.
std::vector<PortAt> producers_of(const NegotiationInput& input) {
  std::vector<PortAt> producers;
  for (const StageOffer& stage : input.stages) {
    if (stage.kind == StageKind::in_place) continue;
    for (const PortOffer& port : stage.ports) {
      if (port.direction == Direction::output) producers.push_back({&stage, &port});
    }
  }
  return producers;
}

}  // namespace

Result<std::vector<Domain>> find_domains(const NegotiationInput& input) {
  std::vector<Domain> domains;
  for (const PortAt& producer : producers_of(input)) {
    domains.push_back(MILLRACE_TRY(domain_from(input, producer)));
  }
  return domains;
}

}  // namespace millrace
