// SPDX-License-Identifier: MIT
#include "engine/run/wiring.h"

#include <algorithm>
#include <map>

namespace millrace {
namespace {

constexpr uint32_t no_pool = UINT32_MAX;

/// Port names hold no dot; stage names may.
std::string stage_of(const std::string& end) {
  return end.substr(0, end.rfind('.'));
}

/// Builds the lanes stage by stage, upstream first.
class Arranger {
 public:
  Arranger(const Graph& graph, const Committed& committed) : graph_(graph), made_(committed) {
    for (const StageOffer& offer : made_.plan.stages) name_stage(offer);
  }

  Wiring take() {
    for (size_t id = 0; id < made_.plan.stages.size(); ++id) {
      place(made_.plan.stages[id], static_cast<observe::StageId>(id));
    }
    return std::move(wiring_);
  }

 private:
  void name_stage(const StageOffer& offer) {
    uint32_t in = no_pool;
    uint32_t out = no_pool;
    for (const PortOffer& port : offer.ports) {
      const std::string end = offer.stage + "." + port.name;
      if (const PlanEdge* edge = made_.plan.edge_into(end))
        in = edge->copy_pool.value_or(edge->pool);
      if (port.direction == Direction::output) {
        if (const PlanPool* pool = made_.plan.pool_of(end)) out = pool->id;
      }
    }
    add_names(offer.stage, in, out);
  }

  void add_names(const std::string& name, uint32_t in, uint32_t out) {
    wiring_.stage_names.push_back(name);
    wiring_.input_pool.push_back(in);
    wiring_.output_pool.push_back(out);
  }

  [[nodiscard]] std::vector<const PlanEdge*> edges_into(const StageOffer& offer) const {
    std::vector<const PlanEdge*> edges;
    for (const PortOffer& port : offer.ports) {
      if (port.direction != Direction::input) continue;
      if (const PlanEdge* edge = made_.plan.edge_into(offer.stage + "." + port.name)) {
        edges.push_back(edge);
      }
    }
    return edges;
  }

  void place(const StageOffer& offer, observe::StageId id) {
    const std::vector<const PlanEdge*> edges = edges_into(offer);
    const bool joins = edges.size() == 1 && edges[0]->queue_depth.value == 0;
    const size_t lane = joins ? lane_of_.at(stage_of(edges[0]->from)) : new_lane(edges);
    for (const PlanEdge* edge : edges) {
      if (edge->copy_pool) append_copy(lane, *edge);
    }
    wiring_.lanes[lane].params.chain.push_back(node_for(offer, id));
    wiring_.lanes[lane].blocks |= offer.blocks;
    lane_of_[offer.stage] = lane;
  }

  size_t new_lane(const std::vector<const PlanEdge*>& edges) {
    wiring_.lanes.emplace_back();
    for (const PlanEdge* edge : edges) {
      wiring_.queues.push_back(
          std::make_unique<FrameQueue>(std::max<size_t>(1, edge->queue_depth.value)));
      FrameQueue* const queue = wiring_.queues.back().get();
      wiring_.lanes.back().params.inputs.push_back(queue);
      wiring_.lanes[lane_of_.at(stage_of(edge->from))].params.output = queue;
    }
    return wiring_.lanes.size() - 1;
  }

  void append_copy(size_t lane, const PlanEdge& edge) {
    wiring_.copies.push_back(std::make_unique<CopyStage>(*made_.copy_accounts.at(edge.id)));
    const auto id = static_cast<observe::StageId>(wiring_.stage_names.size());
    add_names("copy into " + edge.to, edge.pool, *edge.copy_pool);
    wiring_.lanes[lane].params.chain.push_back({.stage = wiring_.copies.back().get(),
                                                .name = wiring_.stage_names.back(),
                                                .id = id,
                                                .declared = {.read = true, .write = true},
                                                .output_pool = made_.pools[*edge.copy_pool]});
  }

  static void declare(observe::CpuAccess& into, const observe::CpuAccess& more) {
    into.read |= more.read;
    into.write |= more.write;
  }

  [[nodiscard]] const Alternative* chosen_way(const StageOffer& offer,
                                              const PortOffer& port) const {
    const PlanEdge* const edge = made_.plan.edge_into(offer.stage + "." + port.name);
    if (!edge) return nullptr;
    const auto way = std::ranges::find(port.alternatives, edge->alternative, &Alternative::name);
    return way == port.alternatives.end() ? nullptr : &*way;
  }

  [[nodiscard]] Lane::Node node_for(const StageOffer& offer, observe::StageId id) const {
    Lane::Node node{
        .stage = graph_.stage(offer.stage),
        .name = offer.stage,
        .id = id,
        .planned_transform = offer.kind == StageKind::transform || offer.kind == StageKind::source,
        .source = offer.kind == StageKind::source,
        .sink = offer.kind == StageKind::sink};
    for (const PortOffer& port : offer.ports) {
      declare(node.declared, port.cpu);
      if (const Alternative* way = chosen_way(offer, port)) declare(node.declared, way->cpu);
      const bool takes_from_pool = port.direction == Direction::output &&
                                   offer.kind != StageKind::in_place && !port.role.acquires_itself;
      if (!takes_from_pool) continue;
      if (const PlanPool* pool = made_.plan.pool_of(offer.stage + "." + port.name)) {
        node.output_pool = made_.pools[pool->id];
      }
    }
    return node;
  }

  const Graph& graph_;
  const Committed& made_;
  Wiring wiring_;
  std::map<std::string, size_t> lane_of_;
};

}  // namespace

Result<> check_wirable(const Plan& plan) {
  std::map<std::string, int> outputs;
  std::map<std::string, int> inputs;
  std::string copied_into;
  for (const PlanEdge& edge : plan.edges) {
    ++outputs[stage_of(edge.from)];
    ++inputs[stage_of(edge.to)];
    if (outputs[stage_of(edge.from)] > 1) {
      return fail(ErrorKind::unavailable,
                  "run stage " + stage_of(edge.from) + ": it feeds more than one link",
                  "Give every consumer a source of its own.");
    }
    if (edge.copy_pool) copied_into = stage_of(edge.to);
  }
  if (inputs[copied_into] > 1) {
    return fail(ErrorKind::unavailable,
                "run stage " + copied_into + ": one of its several inputs needs a copy",
                "Give the source a layout that the stage takes.");
  }
  return {};
}

Wiring wire(const Graph& graph, const Committed& committed) {
  return Arranger(graph, committed).take();
}

}  // namespace millrace
