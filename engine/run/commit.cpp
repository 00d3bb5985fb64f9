// SPDX-License-Identifier: MIT
#include "engine/run/commit.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/run/heaps.h"

namespace millrace {
namespace {

constexpr int most_attempts = 8;

Result<Ref<BufferPool>> make_pool(const PlanPool& plan, const Heaps& heaps) {
  Allocator* const allocator = heaps.find(plan);
  if (!allocator) {
    return fail(ErrorKind::unavailable, fmt::format("allocate pool {} of {}: no heap '{}' here",
                                                    plan.id, plan.owner, plan.heap));
  }
  PoolConfig config{.count = exactly(plan.count.value), .size = plan.alloc.value};
  config.params.align = std::max<size_t>(config.params.align, plan.align.value);
  config.options.track_holders = true;
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

auto pool_replacement(const Committed& made, const PlanPool& plan, const Heaps& heaps) {
  Allocator* const allocator = heaps.find(plan);
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
                           const Heaps& heaps) {
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
      decided.replace_pool = pool_replacement(made, *pool, heaps);
    }
  }
  return decided;
}

/// What a stage has learned of one of its alternatives.
struct Lesson {
  std::string stage;
  std::string port;
  Alternative alternative;
  bool refused = false;
  std::string why;
};

/// Without what was refused; a way that copies is there because of it now.
void forget(PortOffer& port, const std::vector<Alternative>::iterator& refused,
            const std::string& why) {
  port.alternatives.erase(refused);
  if (why.empty()) return;
  for (Alternative& way : port.alternatives) {
    if (!way.ingest_copy) continue;
    way.ingest_copy->cause = why;
    way.ingest_copy->why = {{}, {}, Origin::learned, why, true};
  }
}

std::string in_words(const Lesson& lesson) {
  return fmt::format("'{}'{}{}", lesson.alternative.name, lesson.why.empty() ? "" : ": ",
                     lesson.why);
}

/// Puts a lesson into the offers. Fails where there is nothing to learn from it.
Result<> learn(NegotiationInput& input, const Lesson& lesson) {
  const auto offer = std::ranges::find(input.stages, lesson.stage, &StageOffer::stage);
  for (PortOffer& port : offer->ports) {
    if (port.name != lesson.port) continue;
    const auto found =
        std::ranges::find(port.alternatives, lesson.alternative.name, &Alternative::name);
    if (found == port.alternatives.end()) break;
    if (lesson.refused && port.alternatives.size() == 1) {
      return fail(ErrorKind::unavailable,
                  fmt::format("plan {}.{}: no way is left after {}", lesson.stage, lesson.port,
                              in_words(lesson)),
                  "Use another driver: --device chooses one, `millrace probe` lists them.");
    }
    log::info("run", fmt::format("{}.{} {} {}; planning again", lesson.stage, lesson.port,
                                 lesson.refused ? "refused" : "adjusted", in_words(lesson)));
    if (lesson.refused) {
      forget(port, found, lesson.why);
    } else {
      *found = lesson.alternative;
    }
    return {};
  }
  return fail(ErrorKind::internal, fmt::format("plan {}: its answer names no offer '{}' of port {}",
                                               lesson.stage, lesson.alternative.name, lesson.port));
}

/// What there is to learn where a lent heap could not fill a pool; nothing for a machine's heap.
std::optional<Lesson> lesson_of(const Plan& plan, const PlanPool& pool, const Heaps& heaps,
                                const Error& error) {
  const std::optional<std::string> lender = heaps.lender(pool);
  const PlanEdge* const edge = lender ? plan.edge_into(*lender) : nullptr;
  if (!edge) return std::nullopt;
  const size_t dot = lender->rfind('.');
  return Lesson{.stage = lender->substr(0, dot),
                .port = lender->substr(dot + 1),
                .alternative = {.name = edge->alternative},
                .refused = true,
                .why = error.what};
}

/// True when all pools are allocated; false when the offers have changed.
Result<bool> allocate(Committed& made, const Heaps& heaps, NegotiationInput& input) {
  for (const PlanPool& pool : made.plan.pools) {
    Result<Ref<BufferPool>> buffers = make_pool(pool, heaps);
    if (!buffers) {
      const auto lesson = lesson_of(made.plan, pool, heaps, buffers.error());
      if (!lesson) return fail(buffers.error());
      MILLRACE_TRY(learn(input, *lesson));
      return false;
    }
    made.pools.push_back(buffers.take());
    made.files->add(pool.id, *made.pools.back());
  }
  return true;
}

Committed begin(Plan plan) {
  Committed made{.plan = std::move(plan),
                 .ledger = std::make_unique<observe::Ledger>(),
                 .files = std::make_shared<PoolFiles>()};
  for (const PlanEdge& edge : made.plan.edges) {
    if (edge.verdict != Verdict::copied) continue;
    made.copy_accounts[edge.id] = &made.ledger->open(
        observe::MoveKind::copy, edge.from + " -> " + edge.to, edge.reason, "cpu");
  }
  return made;
}

std::optional<Lesson> lesson_of(const std::string& stage, const Answer& answer) {
  if (const auto* refused = std::get_if<Refused>(&answer)) {
    return Lesson{stage, refused->port, refused->constraints, true, refused->why};
  }
  if (const auto* adjusted = std::get_if<Adjusted>(&answer)) {
    return Lesson{stage, adjusted->port, adjusted->constraints, false, {}};
  }
  return std::nullopt;
}

/// True when every stage accepted; false when the offers have changed and must be solved again.
Result<bool> ask_stages(const Graph& graph, const Committed& made, const Heaps& heaps,
                        NegotiationInput& input) {
  for (const StageOffer& offer : made.plan.stages) {
    Decision decision{.ledger = made.ledger.get()};
    for (const PortOffer& port : offer.ports) {
      decision.ports.push_back(decide_port(made, offer, port, heaps));
    }
    const Result<Answer> answer = graph.stage(offer.stage)->decide_allocation(decision);
    if (!answer) return fail(answer.error().while_doing(offer.stage));
    const std::optional<Lesson> lesson = lesson_of(offer.stage, *answer);
    if (!lesson) continue;
    MILLRACE_TRY(learn(input, *lesson));
    return false;
  }
  return true;
}

}  // namespace

Result<Committed> commit(const Graph& graph, NegotiationInput input,
                         const AllocatorSet& allocators) {
  const Heaps heaps(graph, allocators);
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Committed made = begin(MILLRACE_TRY(negotiate(input)));
    const bool allocated = MILLRACE_TRY(allocate(made, heaps, input));
    if (!allocated) continue;
    const bool agreed = MILLRACE_TRY(ask_stages(graph, made, heaps, input));
    if (agreed) return made;
  }
  return fail(
      ErrorKind::unavailable,
      fmt::format("plan the memory: the stages did not agree in {} attempts", most_attempts),
      "Try another --size or --format.");
}

}  // namespace millrace
