// SPDX-License-Identifier: MIT
#include "engine/run/proof.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

namespace millrace {
namespace {

constexpr uint32_t no_pool = UINT32_MAX;
constexpr uint64_t free_bytes_a_frame = 64 * 1024;

LegFinding contradiction(std::string detail) {
  return {LegVerdict::contradicts, std::move(detail)};
}

/// The pool that a stage reads from or writes into, by StageId.
uint32_t pool_for(const ProofEvidence& evidence, const observe::Record& record) {
  const auto& pools = record.type == observe::RecordType::frame_read ? evidence.stage_input_pool
                                                                     : evidence.stage_output_pool;
  return record.stage < pools.size() ? pools[record.stage] : no_pool;
}

bool is_frame_record(const observe::Record& record) {
  return record.type == observe::RecordType::frame_read ||
         record.type == observe::RecordType::frame_written;
}

/// Where a frame was touched: a file, and the place of one plane in it.
struct Place {
  FileIdentity file;
  uint64_t offset = 0;
  uint64_t pitch = 0;
};

/// Empty when plane `plane` of a buffer of `pool` lies at `place`.
std::string disagreement(const Plan& plan, const ProofEvidence& evidence, uint32_t pool,
                         size_t plane, const Place& place) {
  const auto files = evidence.pool_files.find(pool);
  const auto file = files == evidence.pool_files.end() ? decltype(files->second.end()){}
                                                       : files->second.find(place.file);
  if (files == evidence.pool_files.end() || file == files->second.end()) {
    return fmt::format("file {}:{}, which is not in pool {} of {}", place.file.device,
                       place.file.inode, pool, plan.pools[pool].owner);
  }
  const PlaneLayout& laid_out = file->second.layout.plane[plane];
  const uint64_t offset = file->second.base + laid_out.offset;
  if (place.offset == offset && place.pitch == laid_out.stride) return {};
  return fmt::format("plane {} at offset {} with pitch {}; the plan says {} and {}", plane,
                     place.offset, place.pitch, offset, laid_out.stride);
}

/// Empty when the record agrees with the plan.
std::string disagreement(const Plan& plan, const ProofEvidence& evidence,
                         const observe::Record& record) {
  const uint32_t pool = pool_for(evidence, record);
  if (pool == no_pool) return {};
  const Place place{{record.value[0], record.value[1]}, record.value[2], record.value[3]};
  const std::string problem = disagreement(plan, evidence, pool, 0, place);
  if (problem.empty()) return {};
  const char* const act = record.type == observe::RecordType::frame_read ? "read" : "handed on";
  return fmt::format("{} {} frame {} from {}", evidence.stage_names[record.stage], act,
                     record.subject, problem);
}

struct DriverRead {
  Place luma;
  Place chroma;
  std::string how;
};

/// Lines "read DEVICE INODE OFFSET0 PITCH0 OFFSET1 PITCH1 HOW".
std::vector<DriverRead> parse_driver_log(const std::string& text) {
  std::vector<DriverRead> reads;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string act;
    DriverRead read;
    words >> act >> read.luma.file.device >> read.luma.file.inode >> read.luma.offset >>
        read.luma.pitch >> read.chroma.offset >> read.chroma.pitch >> read.how;
    read.chroma.file = read.luma.file;
    if (words && act == "read") reads.push_back(read);
  }
  return reads;
}

uint32_t encoder_input_pool(const ProofEvidence& evidence) {
  const auto found = std::ranges::find(evidence.stage_names, evidence.encoder_stage);
  if (found == evidence.stage_names.end()) return no_pool;
  return evidence.stage_input_pool[static_cast<size_t>(found - evidence.stage_names.begin())];
}

/// Where the encoder itself copies: the driver reads nothing but what was put into its surfaces.
LegFinding put_leg(const std::vector<DriverRead>& reads) {
  const auto other =
      std::ranges::find_if(reads, [](const auto& read) { return read.how != "put"; });
  if (other == reads.end()) {
    return {LegVerdict::agrees,
            "the driver reads its own surfaces, as the plan's counted copy says"};
  }
  return contradiction(
      fmt::format("the driver read ({}) a frame that the plan says was put into "
                  "its surfaces",
                  other->how));
}

/// What the driver really read against the pool that should have fed it.
LegFinding driver_leg(const Plan& plan, const ProofEvidence& evidence) {
  const std::vector<DriverRead> reads = parse_driver_log(evidence.driver_log);
  const uint32_t pool = encoder_input_pool(evidence);
  if (reads.empty() || pool == no_pool) {
    return {LegVerdict::not_observed, "the driver logged no reads"};
  }
  const PlanEdge* const edge = plan.edge_into(evidence.encoder_stage + ".in");
  if (edge && edge->ingest_copy) return put_leg(reads);
  for (const DriverRead& read : reads) {
    std::string problem = disagreement(plan, evidence, pool, 0, read.luma);
    if (problem.empty()) problem = disagreement(plan, evidence, pool, 1, read.chroma);
    if (!problem.empty()) {
      return contradiction(fmt::format("the driver read ({}) {}", read.how, problem));
    }
  }
  return {LegVerdict::agrees,
          fmt::format("the driver read {} frames of pool {}", reads.size(), pool)};
}

LegFinding identity_leg(const Plan& plan, const ProofEvidence& evidence) {
  if (evidence.lost_records > 0) {
    return {LegVerdict::not_observed, fmt::format("{} records were lost", evidence.lost_records)};
  }
  uint64_t seen = 0;
  for (const observe::Record& record : evidence.records) {
    if (!is_frame_record(record)) continue;
    ++seen;
    std::string problem = disagreement(plan, evidence, record);
    if (!problem.empty()) return contradiction(std::move(problem));
  }
  LegFinding driver = driver_leg(plan, evidence);
  if (driver.verdict == LegVerdict::contradicts) return driver;
  if (seen == 0) return {LegVerdict::not_observed, "no frame was recorded"};
  // Without the driver's word the last hand-over, the one that matters most, was not seen.
  driver.detail = fmt::format("{} hand-overs within their pools; {}", seen, driver.detail);
  return driver;
}

LegFinding windows_leg(const ProofEvidence& evidence) {
  for (size_t id = 0; id < evidence.undeclared_windows.size(); ++id) {
    if (evidence.undeclared_windows[id] > 0) {
      return contradiction(fmt::format("{} opened {} CPU windows that it had not declared",
                                       evidence.stage_names[id], evidence.undeclared_windows[id]));
    }
  }
  const auto windows =
      std::ranges::count(evidence.records, observe::RecordType::cpu_window, &observe::Record::type);
  return {LegVerdict::agrees, fmt::format("{} CPU windows, all declared", windows)};
}

LegFinding volume_leg(const ProofEvidence& evidence) {
  if (!evidence.witness_present) return {LegVerdict::not_observed, "no witness is preloaded"};
  if (evidence.host_frames) {
    return {LegVerdict::not_observed, "some frames lie in host memory, unknown to the witness"};
  }
  const uint64_t allowed = evidence.ledger_copied_bytes + evidence.frames * free_bytes_a_frame;
  std::string seen =
      fmt::format("{} bytes read from frame memory in {} frames, {} booked as copies",
                  evidence.witness_bytes, evidence.frames, evidence.ledger_copied_bytes);
  if (evidence.witness_bytes > allowed) return contradiction(std::move(seen));
  return {LegVerdict::agrees, std::move(seen)};
}

}  // namespace

std::string_view to_string(LegVerdict verdict) {
  switch (verdict) {
    case LegVerdict::agrees:
      return "agrees";
    case LegVerdict::contradicts:
      return "contradicts";
    case LegVerdict::not_observed:
      return "not observed";
  }
  return "?";
}

Proof prove(const Plan& plan, const ProofEvidence& evidence, const ProofLegs& legs) {
  const LegFinding off{LegVerdict::not_observed, "switched off"};
  return {.identity = legs.identity ? identity_leg(plan, evidence) : off,
          .windows = legs.windows ? windows_leg(evidence) : off,
          .volume = legs.volume ? volume_leg(evidence) : off};
}

}  // namespace millrace
