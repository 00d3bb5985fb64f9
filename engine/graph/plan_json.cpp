// SPDX-License-Identifier: MIT
// The plan as JSON. Every number is an object {"value", "why"} and every why has its stage, port,
// origin and raw value; what only tells things apart (ids, rates) is a string.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/graph/plan.h"

namespace millrace {
namespace {

using Json = nlohmann::ordered_json;

std::string pool_name(uint32_t id) {
  return fmt::format("pool {}", id);
}

std::string_view kind_name(StageKind kind) {
  constexpr std::string_view names[] = {"source", "in_place", "transform", "encoder", "sink"};
  return names[static_cast<size_t>(kind)];
}

Json reason(const Provenance& why) {
  return Json{{"stage", why.stage},
              {"port", why.port},
              {"origin", to_string(why.origin)},
              {"raw", why.raw}};
}

Json reasons(const std::vector<Provenance>& why) {
  Json list = Json::array();
  for (const Provenance& one : why) list.push_back(reason(one));
  return list;
}

Json number(const Figure& figure) {
  return Json{{"value", figure.value}, {"why", reasons(figure.why)}};
}

Json planes_of(const PlanPool& pool, const VideoFormat& video) {
  Json list = Json::array();
  for (size_t index = 0; index < facts(video.format).plane_count; ++index) {
    const PlanPool::Plane& plane = pool.plane[index];
    Json entry{{"offset", number(plane.offset)},
               {"stride", number(plane.stride)},
               {"rows", number(plane.rows)}};
    if (pool.objects == ObjectLayout::per_plane) entry["object_size"] = number(plane.object_size);
    list.push_back(std::move(entry));
  }
  return list;
}

void add_video(Json& json, const PlanPool& pool, const VideoFormat& video) {
  json["format"] = to_string(video.format);
  json["frame_rate"] = fmt::format("{}/{}", video.frame_rate.num, video.frame_rate.den);
  json["modifier"] = fmt::format("{:#x}", static_cast<uint64_t>(pool.modifier));
  json["objects"] = pool.objects == ObjectLayout::one ? "one" : "per_plane";
  json["width"] = number(pool.width);
  json["height"] = number(pool.height);
  json["coded_width"] = number(pool.coded_width);
  json["coded_height"] = number(pool.coded_height);
  json["planes"] = planes_of(pool, video);
}

Json pool_json(const PlanPool& pool) {
  Json json{{"id", pool_name(pool.id)}, {"owner", pool.owner},
            {"members", pool.members},  {"stream", to_string(pool.stream)},
            {"heap", pool.heap},        {"heap_reason", pool.heap_reason}};
  if (const VideoFormat* video = pool.video()) add_video(json, pool, *video);
  json["size"] = number(pool.size);
  json["alignment"] = number(pool.align);
  json["allocation"] = number(pool.alloc);
  json["count"] = number(pool.count);
  return json;
}

Json edge_json(const PlanEdge& edge) {
  Json json{{"id", fmt::format("edge {}", edge.id)},
            {"from", edge.from},
            {"to", edge.to},
            {"verdict", to_string(edge.verdict)},
            {"reason", edge.reason},
            {"pool", pool_name(edge.pool)}};
  if (edge.copy_pool) json["copy_pool"] = pool_name(*edge.copy_pool);
  json["alternative"] = edge.alternative;
  json["ingest_copy"] = edge.ingest_copy;
  if (edge.copied_bytes_per_frame) {
    json["copied_bytes_per_frame"] = number(*edge.copied_bytes_per_frame);
  }
  json["conflict"] = reasons(edge.conflict);
  json["remedies"] = edge.remedies;
  json["queue_depth"] = number(edge.queue_depth);
  return json;
}

Json stage_json(const StageOffer& stage) {
  Json inherent = Json::array();
  for (const InherentCopy& copy : stage.inherent) {
    inherent.push_back(
        {{"where", copy.where}, {"bytes_per_frame", number({copy.bytes_per_frame, {copy.why}})}});
  }
  Json json{{"name", stage.stage},
            {"kind", kind_name(stage.kind)},
            {"blocks", stage.blocks},
            {"inherent", std::move(inherent)},
            {"remarks", stage.remarks}};
  if (stage.fills_by_transform) json["fills_by_transform"] = true;
  for (const PortOffer& port : stage.ports) {
    for (const auto& meta : port.proposal.metas)
      json["understands"][port.name].push_back(meta.name);
  }
  return json;
}

}  // namespace

std::string Plan::json() const {
  Json json{{"stages", Json::array()}, {"edges", Json::array()}, {"pools", Json::array()}};
  for (const StageOffer& stage : stages) json["stages"].push_back(stage_json(stage));
  for (const PlanEdge& edge : edges) json["edges"].push_back(edge_json(edge));
  for (const PlanPool& pool : pools) json["pools"].push_back(pool_json(pool));
  // Text from outside (a driver's answer) may not be UTF-8; what is not is replaced.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace millrace
