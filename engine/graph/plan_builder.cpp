// SPDX-License-Identifier: MIT
#include "engine/graph/plan_builder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/graph/merge.h"
#include "engine/graph/offer_names.h"
#include "engine/graph/sync_choice.h"

namespace millrace {
namespace {

PlanPool frame_pool(const Share& share, const DomainPort& described) {
  PlanPool pool;
  VideoFormat video;
  if (const auto* offered = std::get_if<VideoFormat>(&described.port->stream)) video = *offered;
  video.format = share.format.format;
  video.width = static_cast<uint32_t>(share.layout.width.value);
  video.height = static_cast<uint32_t>(share.layout.height.value);
  pool.stream = video;
  pool.heap = share.heap.name;
  pool.heap_reason = share.heap.reason;
  pool.modifier = share.format.modifier;
  pool.width = share.layout.width;
  pool.height = share.layout.height;
  pool.coded_width = share.layout.coded_width;
  pool.coded_height = share.layout.coded_height;
  pool.plane = share.layout.plane;
  pool.objects = share.layout.objects;
  pool.align = share.align;
  pool.size = share.layout.size;
  pool.alloc = share.layout.alloc;
  pool.count = share.count;
  return pool;
}

Figure copied_bytes(const Share& share) {
  Figure bytes{payload_of(share), share.layout.width.why};
  add_reasons(bytes.why, share.layout.height.why);
  add_reasons(bytes.why, share.format.why);
  return bytes;
}

/// What a chosen alternative that copies by itself makes of the edge into its port.
void mark_ingest(PlanEdge& edge, const Share& share, const IngestCopy& ingest) {
  edge.verdict = Verdict::copied;
  edge.ingest_copy = true;
  edge.reason = fmt::format("{}; copied by {}", ingest.cause, ingest.engine);
  edge.copied_bytes_per_frame = copied_bytes(share);
  edge.conflict = {ingest.why};
}

std::string shared_reason(const std::string& from, const std::string& to, bool transform) {
  return transform ? fmt::format("{} reads the frames of {} and writes others", to, from)
                   : fmt::format("{} uses the memory that {} filled", to, from);
}

}  // namespace

std::string name_of(const LinkSpec& link) {
  return fmt::format("{}.{} -> {}.{}", link.from_stage, link.from_port, link.to_stage,
                     link.to_port);
}

uint32_t PlanBuilder::add_pool(PlanPool pool) {
  pool.id = static_cast<uint32_t>(plan_.pools.size());
  plan_.pools.push_back(std::move(pool));
  return plan_.pools.back().id;
}

PlanEdge& PlanBuilder::add_edge(const Domain& domain, size_t link, uint32_t pool,
                                const Alternative& consumer) {
  const LinkSpec& spec = input_.links[domain.links[link]];
  const DomainPort& to = domain.ports[2 * link + 1];
  PlanEdge edge;
  edge.id = static_cast<uint32_t>(domain.links[link]);
  edge.from = domain.ports[2 * link].name();
  edge.to = to.name();
  edge.pool = pool;
  edge.alternative = consumer.name;
  const bool transform = to.stage->kind == StageKind::transform;
  edge.verdict = transform ? Verdict::transform : Verdict::shared;
  edge.reason = shared_reason(edge.from, edge.to, transform);
  edge.queue_depth = {spec.queue_depth.value,
                      {named(spec.queue_depth.why, spec.from_stage, spec.from_port)}};
  plan_.edges.push_back(std::move(edge));
  return plan_.edges.back();
}

void PlanBuilder::add_shared(const Domain& domain, const Share& share) {
  PlanPool pool = frame_pool(share, domain.ports.front());
  pool.owner = domain.ports.front().name();
  for (const DomainPort& port : domain.ports) pool.members.push_back(port.name());
  const uint32_t id = add_pool(std::move(pool));
  for (size_t link = 0; link < domain.links.size(); ++link) {
    const Alternative& consumer = share.chosen[2 * link + 1];
    PlanEdge& edge = add_edge(domain, link, id, consumer);
    edge.reason += sync_note(share.chosen[2 * link], consumer);
    if (consumer.ingest_copy) mark_ingest(edge, share, *consumer.ingest_copy);
  }
}

void PlanBuilder::add_cut(const Domain& domain, const Cut& cut, const Core& core,
                          std::vector<std::string> remedies) {
  const size_t first_after = 2 * cut.link + 1;
  PlanPool producer = frame_pool(cut.before, domain.ports.front());
  PlanPool consumer = frame_pool(cut.after, domain.ports.front());
  producer.owner = domain.ports.front().name();
  consumer.owner = "copy into " + domain.ports[first_after].name();
  consumer.members.push_back(consumer.owner);
  for (size_t port = 0; port < domain.ports.size(); ++port) {
    PlanPool& pool = port < first_after ? producer : consumer;
    pool.members.push_back(domain.ports[port].name());
  }
  const uint32_t from_pool = add_pool(std::move(producer));
  const uint32_t into_pool = add_pool(std::move(consumer));
  for (size_t link = 0; link < domain.links.size(); ++link) {
    const bool behind = link >= cut.link;
    const Alternative& taker =
        behind ? cut.after.chosen[2 * (link - cut.link)] : cut.before.chosen[2 * link + 1];
    add_edge(domain, link, link > cut.link ? into_pool : from_pool, taker);
  }
  PlanEdge& edge = plan_.edges[plan_.edges.size() - domain.links.size() + cut.link];
  edge.verdict = Verdict::copied;
  edge.reason = fmt::format("{} and {} cannot share memory: {}", edge.from, edge.to, core.what);
  edge.copy_pool = into_pool;
  edge.copied_bytes_per_frame = copied_bytes(cut.before);
  edge.conflict = core.members;
  edge.remedies = std::move(remedies);
}

void PlanBuilder::add_packets(const Domain& domain, PlanPool pool) {
  pool.owner = domain.ports.front().name();
  for (const DomainPort& port : domain.ports) pool.members.push_back(port.name());
  const uint32_t id = add_pool(std::move(pool));
  for (size_t link = 0; link < domain.links.size(); ++link) {
    const DomainPort& to = domain.ports[2 * link + 1];
    PlanEdge& edge = add_edge(domain, link, id, to.alternatives.front());
    edge.verdict = Verdict::shared;
  }
}

/// Copies inside a stage that only come with a way that was not chosen are none of this plan's.
void PlanBuilder::drop_other_ways() {
  for (StageOffer& stage : plan_.stages) {
    const auto is_chosen = [&](const PortOffer& port, const std::string& way) {
      const PlanEdge* const edge = plan_.edge_into(stage.stage + "." + port.name);
      return edge && edge->alternative == way;
    };
    std::erase_if(stage.inherent, [&](const InherentCopy& copy) {
      if (copy.alternative.empty()) return false;
      return std::ranges::none_of(
          stage.ports, [&](const PortOffer& port) { return is_chosen(port, copy.alternative); });
    });
  }
}

Plan PlanBuilder::finish() {
  std::ranges::sort(plan_.edges, {}, &PlanEdge::id);
  drop_other_ways();
  return std::move(plan_);
}

}  // namespace millrace
