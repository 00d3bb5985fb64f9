// SPDX-License-Identifier: MIT
#include "engine/run/commit.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/log.h"

namespace millrace {
namespace {

constexpr int most_attempts = 8;

Result<Ref<BufferPool>> make_pool(const PlanPool& plan, const AllocatorSet& allocators) {
  Allocator* const allocator = allocators.find(plan.heap);
  if (!allocator) {
    return fail(ErrorKind::unavailable, fmt::format("allocate pool {} of {}: no heap '{}' here",
                                                    plan.id, plan.owner, plan.heap));
  }
  PoolConfig config{.count = plan.count.value, .size = plan.alloc.value};
  config.params.align = std::max<size_t>(config.params.align, plan.align.value);
  if (const VideoFormat* video = plan.video()) {
    config.video = VideoMeta{video->width, video->height, plan.layout()};
  }
  Result<Ref<BufferPool>> pool = BufferPool::create(*allocator, config);
  if (!pool) return fail(pool.error().while_doing("allocate the buffers of " + plan.owner));
  return pool;
}

/// Whoever reads the frames of this pool takes them in other sizes, too.
bool may_change_size(const Plan& plan, const PlanPool& pool) {
  return std::ranges::all_of(plan.edges, [&](const PlanEdge& edge) {
    if (edge.pool != pool.id) return true;
    const size_t dot = edge.to.rfind('.');
    const auto stage = std::ranges::find(plan.stages, edge.to.substr(0, dot), &StageOffer::stage);
    const PortOffer* const port =
        stage == plan.stages.end() ? nullptr : stage->port(edge.to.substr(dot + 1));
    return port && port->role.any_size && !edge.copy_pool;
  });
}

auto pool_replacement(const Committed& made, const PlanPool& plan, const AllocatorSet& allocators) {
  Allocator* const allocator = allocators.find(plan.heap);
  return [allocator, files = made.files, config = made.pools[plan.id]->config(),
          id = plan.id](const VideoMeta& video) mutable -> Result<Ref<BufferPool>> {
    config.size = video.layout.size;
    config.video = video;
    Ref<BufferPool> pool = MILLRACE_TRY(BufferPool::create(*allocator, config));
    files->add(id, *pool);
    return pool;
  };
}

Decision::Port decide_port(const Committed& made, const StageOffer& stage, const PortOffer& port,
                           const AllocatorSet& allocators) {
  const std::string name = stage.stage + "." + port.name;
  Decision::Port decided{.name = port.name, .stream = port.stream};
  const PlanPool* pool = made.plan.pool_of(name);
  if (const PlanEdge* edge = made.plan.edge_into(name)) {
    pool = &made.plan.pools[edge->copy_pool.value_or(edge->pool)];
    decided.alternative = edge->alternative;
    if (edge->ingest_copy) decided.ingest_copy = made.copy_accounts.at(edge->id);
  }
  if (pool) {
    decided.stream = pool->stream;
    decided.pool = made.pools[pool->id];
    if (pool->video()) decided.layout = pool->layout();
    const bool own = port.direction == Direction::output && port.role.acquires_itself;
    if (own && pool->video() && may_change_size(made.plan, *pool)) {
      decided.replace_pool = pool_replacement(made, *pool, allocators);
    }
  }
  return decided;
}

Result<Committed> prepare(Plan plan, const AllocatorSet& allocators) {
  Committed made{.plan = std::move(plan),
                 .ledger = std::make_unique<observe::Ledger>(),
                 .files = std::make_shared<PoolFiles>()};
  for (const PlanPool& pool : made.plan.pools) {
    made.pools.push_back(MILLRACE_TRY(make_pool(pool, allocators)));
    made.files->add(pool.id, *made.pools.back());
  }
  for (const PlanEdge& edge : made.plan.edges) {
    if (edge.verdict != Verdict::copied) continue;
    made.copy_accounts[edge.id] = &made.ledger->open(
        observe::MoveKind::copy, edge.from + " -> " + edge.to, edge.reason, "cpu");
  }
  return made;
}

/// The offers with what a stage has learned put in. False when there is nothing to learn from it.
bool learn(NegotiationInput& input, const std::string& stage, const std::string& port_name,
           const Alternative& learned, bool refused) {
  for (StageOffer& offer : input.stages) {
    if (offer.stage != stage) continue;
    for (PortOffer& port : offer.ports) {
      if (port.name != port_name) continue;
      const auto found = std::ranges::find(port.alternatives, learned.name, &Alternative::name);
      if (found == port.alternatives.end()) return false;
      if (refused) {
        port.alternatives.erase(found);
      } else {
        *found = learned;
      }
      return true;
    }
  }
  return false;
}

/// True when every stage accepted; false when the offers have changed and must be solved again.
Result<bool> ask_stages(const Graph& graph, const Committed& made, const AllocatorSet& allocators,
                        NegotiationInput& input) {
  for (const StageOffer& offer : made.plan.stages) {
    Decision decision{.ledger = made.ledger.get()};
    for (const PortOffer& port : offer.ports) {
      decision.ports.push_back(decide_port(made, offer, port, allocators));
    }
    Result<Answer> answer = graph.stage(offer.stage)->decide_allocation(decision);
    if (!answer) return fail(answer.error().while_doing(offer.stage));
    const auto* refused = std::get_if<Refused>(&*answer);
    const auto* adjusted = std::get_if<Adjusted>(&*answer);
    if (!refused && !adjusted) continue;
    const std::string& port = refused ? refused->port : adjusted->port;
    const Alternative& learned = refused ? refused->constraints : adjusted->constraints;
    log::info("run", fmt::format("{}.{} {} '{}'; planning again", offer.stage, port,
                                 refused ? "refused" : "adjusted", learned.name));
    if (!learn(input, offer.stage, port, learned, refused != nullptr)) {
      return fail(ErrorKind::internal,
                  fmt::format("plan {}: its answer names no offer '{}' of port {}", offer.stage,
                              learned.name, port));
    }
    return false;
  }
  return true;
}

}  // namespace

Result<Committed> commit(const Graph& graph, NegotiationInput input,
                         const AllocatorSet& allocators) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Plan plan = MILLRACE_TRY(negotiate(input));
    Committed made = MILLRACE_TRY(prepare(std::move(plan), allocators));
    const bool agreed = MILLRACE_TRY(ask_stages(graph, made, allocators, input));
    if (agreed) return made;
  }
  return fail(
      ErrorKind::unavailable,
      fmt::format("plan the memory: the stages did not agree in {} attempts", most_attempts),
      "Try another --size or --format.");
}

}  // namespace millrace
