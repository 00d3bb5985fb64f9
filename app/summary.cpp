// SPDX-License-Identifier: MIT
#include "app/summary.h"

#include <algorithm>

#include <sys/resource.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/error_text.h"

namespace millrace::app {
namespace {

using Json = nlohmann::ordered_json;
using observe::MoveKind;

struct Inherent {
  std::string where;
  double bytes_per_frame = 0;
};

double per_frame(uint64_t total, uint64_t frames) {
  return frames == 0 ? 0.0 : static_cast<double>(total) / static_cast<double>(frames);
}

/// What was booked, then what stages declared and nobody books.
std::vector<Inherent> inherent_copies(const Summary& summary) {
  std::vector<Inherent> found;
  for (const observe::Ledger::Account* account : summary.ledger.accounts()) {
    if (account->kind() != MoveKind::inherent || account->moves() == 0) continue;
    // By moves: a source may have moved a frame that came after the last one to be recorded.
    found.push_back({account->where(), per_frame(account->bytes(), account->moves())});
  }
  for (const StageOffer& stage : summary.plan.stages) {
    for (const InherentCopy& copy : stage.inherent) {
      const bool known = std::ranges::find(found, copy.where, &Inherent::where) != found.end();
      if (!known) found.push_back({copy.where, static_cast<double>(copy.bytes_per_frame)});
    }
  }
  return found;
}

std::vector<std::string> all_remarks(const Summary& summary) {
  std::vector<std::string> remarks = summary.remarks;
  for (const StageOffer& stage : summary.plan.stages) {
    for (const std::string& remark : stage.remarks) {
      remarks.push_back(fmt::format("{}: {}", stage.stage, remark));
    }
  }
  if (summary.on_saved && !*summary.on_saved) remarks.push_back(summary.on_saved->error().what);
  return remarks;
}

Json edges_json(const Plan& plan) {
  Json edges = Json::array();
  for (const PlanEdge& edge : plan.edges) {
    Json remedies = Json::array();
    for (const std::string& remedy : edge.remedies) remedies.push_back(remedy);
    edges.push_back({{"from", edge.from},
                     {"to", edge.to},
                     {"verdict", to_string(edge.verdict)},
                     {"reason", edge.reason},
                     {"copied_bytes_per_frame",
                      edge.copied_bytes_per_frame ? edge.copied_bytes_per_frame->value : 0},
                     {"remedies", std::move(remedies)}});
  }
  return edges;
}

Json copies_json(const Summary& summary) {
  Json inherent = Json::array();
  for (const Inherent& copy : inherent_copies(summary)) {
    inherent.push_back({{"where", copy.where}, {"bytes_per_frame", copy.bytes_per_frame}});
  }
  return {{"bytes", summary.ledger.bytes(MoveKind::copy)},
          {"per_frame", moves_per_frame(summary.ledger, MoveKind::copy, summary.run.captured)},
          {"inherent", std::move(inherent)}};
}

/// As --codec takes it.
std::string_view option_word(Codec codec) {
  switch (codec) {
    case Codec::h264:
      return "h264";
  }
  return "unknown";
}

Json encoder_json(const vaapi::EncoderFacts* found) {
  if (!found) return nullptr;
  const vaapi::EncoderFacts& encoder = *found;
  return {{"driver", encoder.driver},
          {"vendor", encoder.vendor},
          {"software", encoder.software},
          {"rung", encoder.rung},
          {"rung_reason", encoder.rung_reason},
          {"codec", option_word(encoder.packets.codec)},
          {"rate_control", encoder.rate_control.substr(0, encoder.rate_control.find(':'))},
          {"rate_control_reason", encoder.rate_control}};
}

Json error_object(const Error& error) {
  return {{"id", error_id(error.kind)}, {"what", error.what}, {"remedy", error.remedy}};
}

Json leg_json(const LegFinding& leg) {
  return {{"verdict", to_string(leg.verdict)}, {"detail", leg.detail}};
}

Json proof_json(const Proof& proof) {
  return {{"holds", proof.holds()},
          {"identity", leg_json(proof.identity)},
          {"windows", leg_json(proof.windows)},
          {"volume", leg_json(proof.volume)}};
}

std::string copies_line(const Summary& summary) {
  std::string line =
      fmt::format("copies   {:g} a frame, {} bytes",
                  moves_per_frame(summary.ledger, MoveKind::copy, summary.run.captured),
                  summary.ledger.bytes(MoveKind::copy));
  line += fmt::format("; transforms {:g} a frame\n",
                      moves_per_frame(summary.ledger, MoveKind::transform, summary.run.captured));
  for (const Inherent& copy : inherent_copies(summary)) {
    line += fmt::format("         inherent: {}, {:.0f} bytes a frame\n", copy.where,
                        copy.bytes_per_frame);
  }
  return line;
}

std::string edge_lines(const Plan& plan) {
  std::string lines;
  for (const PlanEdge& edge : plan.edges) {
    lines += fmt::format("{:<8} {} -> {}: {}. {}\n", lines.empty() ? "edges" : "", edge.from,
                         edge.to, to_string(edge.verdict), edge.reason);
  }
  return lines;
}

std::string encoder_line(const vaapi::EncoderFacts* found) {
  if (!found) return "encoder  none: raw frames\n";
  const vaapi::EncoderFacts& encoder = *found;
  return fmt::format("encoder  {}{} ({}), {} {}, frames by {}: {}\n",
                     encoder.software ? "SOFTWARE VA driver " : "VA driver ", encoder.driver,
                     encoder.vendor, to_string(encoder.packets.codec), encoder.rate_control,
                     encoder.rung, encoder.rung_reason);
}

std::string in_brackets(const std::string& detail) {
  return detail.empty() ? detail : fmt::format(" ({})", detail);
}

/// What is said only where there is something to say.
std::string rarer_counts(const RunSnapshot& run) {
  std::string counts;
  if (run.skipped > 0) counts += fmt::format(", {} skipped", run.skipped);
  if (run.late > 0) counts += fmt::format(", {} late", run.late);
  if (run.corrupted > 0) counts += fmt::format(", {} damaged", run.corrupted);
  return counts;
}

std::string proof_lines(const Proof& proof) {
  std::string lines = fmt::format("proof    {}\n", proof.holds() ? "holds" : "IS CONTRADICTED");
  const std::pair<const char*, const LegFinding*> legs[] = {
      {"identity", &proof.identity}, {"windows", &proof.windows}, {"volume", &proof.volume}};
  for (const auto& [name, leg] : legs) {
    lines += fmt::format("         {}: {}; {}\n", name, to_string(leg->verdict), leg->detail);
  }
  return lines;
}

}  // namespace

ProcessUse process_use() {
  rusage use{};
  if (getrusage(RUSAGE_SELF, &use) != 0) return {};
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  // Linux counts ru_maxrss in KiB: https://man7.org/linux/man-pages/man2/getrusage.2.html
  return {seconds(use.ru_utime) + seconds(use.ru_stime),
          static_cast<uint64_t>(use.ru_maxrss) * 1024};
}

double moves_per_frame(const observe::Ledger& ledger, MoveKind kind, uint64_t frames) {
  return per_frame(ledger.moves(kind), frames);
}

std::string summary_json(const Summary& summary) {
  const RunSnapshot& run = summary.run;
  Json json = {
      {"v", 1},
      {"type", "summary"},
      {"source", summary.source},
      {"source_detail", summary.source_detail},
      {"output",
       {{"path", summary.output},
        {"detail", summary.output_detail},
        {"bytes", summary.output_bytes}}},
      {"ended", to_string(summary.ended)},
      {"frames",
       {{"captured", run.captured},
        {"delivered", run.delivered},
        {"dropped", run.dropped},
        {"skipped", run.skipped},
        {"late", run.late},
        {"duplicated", run.duplicated},
        {"distinct", run.distinct()},
        {"corrupted", run.corrupted}}},
      {"copies", copies_json(summary)},
      {"transforms",
       {{"per_frame", moves_per_frame(summary.ledger, MoveKind::transform, run.captured)}}},
      {"edges", edges_json(summary.plan)},
      {"encoder", encoder_json(summary.encoder)},
      {"latency_ms", {{"p50", run.latency_p50_ms}, {"p99", run.latency_p99_ms}}},
      {"fps", run.fps()},
      {"elapsed_s", std::chrono::duration<double>(run.elapsed).count()},
      {"stream_s", std::chrono::duration<double>(run.stream_time).count()},
      {"packet_bytes", run.packet_bytes},
      {"cpu_s", summary.use.cpu_seconds},
      {"peak_rss_bytes", summary.use.peak_rss_bytes},
      {"remarks", all_remarks(summary)},
  };
  if (summary.on_saved) json["on_saved"] = *summary.on_saved ? "ok" : "failed";
  if (summary.proof) json["proof"] = proof_json(*summary.proof);
  if (summary.error) json["error"] = error_object(*summary.error);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string summary_text(const Summary& summary) {
  const RunSnapshot& run = summary.run;
  std::string text = fmt::format(
      "source   {}{}\nframes   {} delivered, {} distinct, {} dropped, {} duplicated{}\n",
      summary.source, in_brackets(summary.source_detail), run.delivered, run.distinct(),
      run.dropped, run.duplicated, rarer_counts(run));
  if (!summary.output_detail.empty()) {
    text += fmt::format("output   {} ({})\n", summary.output, summary.output_detail);
  }
  text += copies_line(summary) + edge_lines(summary.plan) + encoder_line(summary.encoder);
  text += fmt::format("speed    {:.1f} fps over {:.2f} s, latency p50 {:.1f} ms, p99 {:.1f} ms\n",
                      run.fps(), std::chrono::duration<double>(run.elapsed).count(),
                      run.latency_p50_ms, run.latency_p99_ms);
  text += fmt::format("use      {:.2f} s of CPU, {:.1f} MiB of memory, {:.2f} MB written\n",
                      summary.use.cpu_seconds,
                      static_cast<double>(summary.use.peak_rss_bytes) / (1 << 20),
                      static_cast<double>(summary.output_bytes) / 1e6);
  text +=
      fmt::format("ended    after {:.2f} s: {}\n",
                  std::chrono::duration<double>(run.stream_time).count(), in_words(summary.ended));
  if (summary.proof) text += proof_lines(*summary.proof);
  for (const std::string& remark : all_remarks(summary)) text += "note     " + remark + "\n";
  return text;
}

}  // namespace millrace::app
