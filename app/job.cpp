// SPDX-License-Identifier: MIT
#include "app/job.h"

#include <ctime>
#include <filesystem>

#include <unistd.h>

#include <fmt/format.h>

#include "app/device_output.h"
#include "app/output_file.h"
#include "app/source_choice.h"
#include "app/standard_streams.h"
#include "hw/avformat/container.h"

namespace millrace::app {
namespace {

std::tm local_time() {
  const std::time_t seconds = std::time(nullptr);
  std::tm fields{};
  localtime_r(&seconds, &fields);
  return fields;
}

std::string demand(const ExpectSettings& expect) {
  return expect.zero_copy ? "--require zero-copy"
                          : fmt::format("--max-copies {}", *expect.max_copies);
}

std::string conflict_text(const PlanEdge& edge) {
  std::string text;
  for (const Provenance& fact : edge.conflict) {
    text += fmt::format("{}{}.{}: {}", text.empty() ? " (" : "; ", fact.stage, fact.port, fact.raw);
  }
  return text.empty() ? text : text + ")";
}

/// The edges that are copied, each with its reason.
std::string copied_edges(const Plan& plan) {
  std::string text;
  for (const PlanEdge& edge : plan.edges) {
    if (edge.verdict != Verdict::copied) continue;
    text += fmt::format("{}{} -> {} is copied, {} bytes a frame: {}{}", text.empty() ? "" : "; ",
                        edge.from, edge.to,
                        edge.copied_bytes_per_frame ? edge.copied_bytes_per_frame->value : 0,
                        edge.reason, conflict_text(edge));
  }
  return text;
}

std::string remedies(const Plan& plan) {
  for (const PlanEdge& edge : plan.edges) {
    if (edge.verdict == Verdict::copied && !edge.remedies.empty()) return edge.remedies.front();
  }
  return "millrace graph shows the whole plan";
}

}  // namespace

Result<Job> make_job(const Options& options) {
  Job job{.values = options.values};
  const std::optional<std::string> because =
      MILLRACE_TRY(choose_source(job.values, Session::of_environment()));
  settle_defaults(job.values);
  job.config = MILLRACE_TRY(make_pipeline_config(job.values));
  job.config.source.chosen_because = because.value_or("");
  job.output.path = MILLRACE_TRY(expand_path(job.config.output.path, local_time()));
  if (leads_to(job.output.path, STDOUT_FILENO)) job.output.path = avformat::stdout_path;
  // Two recordings that begin in the same second.
  if (job.values.find("output.path")->origin == "built-in") {
    job.output.path = unused_name(job.output.path);
  }
  job.output.is_device = is_video_device(job.output.path);
  if (job.output.is_device) MILLRACE_TRY(check_device_settings(job.values, job.output.path));
  return job;
}

Result<> check_output(Job& job, const Terminal& terminal) {
  const Ask ask = terminal.interactive() ? Ask(ask_on_terminal) : Ask();
  job.output.replace = MILLRACE_TRY(
      may_replace(job.output.path, job.config.output.overwrite, job.config.source, ask));
  return check_room(job.output.path, job.config.output.min_free);
}

std::vector<std::string> remarks_on_output(const Job& job) {
  const std::string& path = job.output.path;
  std::error_code absent;
  const bool file = std::filesystem::is_regular_file(path, absent) || absent;
  std::vector<std::string> remarks;
  if (file || is_stdout(path)) return remarks;
  if (!job.config.output.on_saved.empty()) {
    remarks.push_back(fmt::format("--on-saved is not run: {} leaves no file behind", path));
  }
  if (job.values.find("output.min_free")->origin != "built-in") {
    remarks.push_back(fmt::format("--min-free does nothing: {} is no file on a disk", path));
  }
  return remarks;
}

std::string dry_run_text(const Job& job, bool json) {
  return json ? job.values.json() : job.values.text();
}

OptionalNumber extra_buffers(const PipelineConfig& config) {
  if (!config.buffers) return std::nullopt;
  Provenance why = from_user(config.buffers_origin);
  why.stage = "command";
  why.port = "buffers";
  return Fact<uint64_t>{*config.buffers, std::move(why)};
}

Result<> check_plan(const ExpectSettings& expect, const Plan& plan) {
  const uint64_t copies = plan.copies_per_frame();
  const bool broken =
      (expect.zero_copy && copies > 0) || (expect.max_copies && copies > *expect.max_copies);
  if (!broken) return {};
  return fail(ErrorKind::expectation,
              fmt::format("{} cannot be kept: {}", demand(expect), copied_edges(plan)),
              remedies(plan));
}

Result<> check_ledger(const ExpectSettings& expect, const observe::Ledger& ledger,
                      uint64_t frames) {
  const uint64_t moves = ledger.moves(observe::MoveKind::copy);
  const bool broken =
      (expect.zero_copy && moves > 0) || (expect.max_copies && moves > *expect.max_copies * frames);
  if (!broken) return {};
  return fail(ErrorKind::expectation,
              fmt::format("{} was not kept: the ledger has {} copies of {} bytes in {} frames",
                          demand(expect), moves, ledger.bytes(observe::MoveKind::copy), frames),
              "the edges of the summary say where they were made");
}

}  // namespace millrace::app
