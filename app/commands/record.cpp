// SPDX-License-Identifier: MIT
// record and run: compose, plan, run, report.
#include <cstdio>
#include <filesystem>
#include <optional>

#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/error_text.h"
#include "app/job.h"
#include "app/progress.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/summary.h"
#include "app/validation.h"
#include "engine/base/log.h"
#include "engine/run/pipeline.h"

namespace millrace::app {
namespace {

PipelineOptions pipeline_options(const PipelineConfig& config, const DriverLog* driver_log) {
  PipelineOptions options;
  options.max_frames = config.frames;
  options.max_duration = config.duration;
  options.extra_buffers = extra_buffers(config);
  options.validate = driver_log != nullptr;
  if (driver_log) options.driver_log = driver_log->path();
  return options;
}

/// Before anything is committed: what is not to run shall not touch the output either.
Result<> check_before_commit(const Job& job, const Composition& made) {
  if (!job.config.expect.zero_copy && !job.config.expect.max_copies) return {};
  const NegotiationInput input =
      MILLRACE_TRY(negotiation_input(made.graph, made.allocators, extra_buffers(job.config)));
  const Plan plan = MILLRACE_TRY(negotiate(input));
  return check_plan(job.config.expect, plan);
}

Result<> run_with_progress(Pipeline& pipeline, const Options& options, const Terminal& terminal,
                           Fraction nominal_rate, const std::stop_token& stop) {
  const ProgressForm form =
      options.quiet ? ProgressForm::off : settle_form(options.progress, options.log_form, terminal);
  const Progress progress(form, [&pipeline, nominal_rate] {
    const RunSnapshot run = pipeline.snapshot();
    return ProgressSample{run,
                          moves_per_frame(pipeline.ledger(), observe::MoveKind::copy, run.captured),
                          nominal_rate};
  });
  return pipeline.run(stop);
}

/// 0 where nothing was written: what lies there then is an older file, left as it was.
uint64_t size_of_output(const std::string& path, const RunSnapshot& run) {
  if (run.delivered == 0) return 0;
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

/// With what only the run has shown.
std::vector<std::string> remarks_after(const Composition& made) {
  std::vector<std::string> remarks = made.remarks;
  if (!made.file) return remarks;
  for (std::string& notice : made.file->notices()) remarks.push_back(std::move(notice));
  return remarks;
}

/// A run that came to its end and has nothing to show for it is no success, unless it was stopped.
Result<> check_delivery(const Job& job, const RunSnapshot& run, bool stopped) {
  if (run.delivered > 0 || (run.captured == 0 && stopped)) return {};
  if (run.captured == 0) {
    return fail(ErrorKind::source_lost,
                fmt::format("read {}: it ended without a frame", job.config.source.name),
                "try to play it, or name another one");
  }
  return fail(
      ErrorKind::internal,
      fmt::format("record {}: the encoder dropped all {} frames", job.output.path, run.captured),
      "without --quiet the warnings say why; millrace probe tries the encoder");
}

/// What the run did not keep, if it got to its end.
Result<> check_after(const Job& job, const Summary& summary) {
  MILLRACE_TRY(check_ledger(job.config.expect, summary.ledger, summary.run.captured));
  if (!summary.proof || summary.proof->holds()) return {};
  return fail(ErrorKind::expectation, "the proof contradicts the plan: frames were copied unseen",
              "the proof in the summary says which leg saw what");
}

void print_summary(const Summary& summary, const Options& options) {
  if (options.json) {
    put_result(fmt::format("{}\n", summary_json(summary)));
    return;
  }
  if (!options.quiet) {
    const bool json_lines = options.log_form == log::Form::json;
    put_message(json_lines ? summary_json(summary) + "\n" : summary_text(summary));
  }
  // What could not be written as it should is no result for a script to go on with.
  const bool failed = summary.error && summary.error->kind == ErrorKind::output_failed;
  if (!failed && summary.run.delivered > 0) put_result(fmt::format("{}\n", summary.output));
}

/// A stage hangs in a thread that cannot be ended: nothing may be destroyed under it.
[[noreturn]] void leave_at_once(const Error& error, const Options& options) {
  const ExitCode code = report_error(error, options.log_form);
  std::fflush(nullptr);
  _exit(static_cast<int>(code));
}

}  // namespace

Result<ExitCode> record(const Options& options, const Terminal& terminal) {
  Job job = MILLRACE_TRY(make_job(options));
  if (options.dry_run) {
    put_result(dry_run_text(options));
    return ExitCode::done;
  }
  MILLRACE_TRY(check_output(job, terminal));
  std::optional<DriverLog> driver_log;
  if (validation_is_asked()) driver_log.emplace(MILLRACE_TRY(DriverLog::ask_driver()));
  // A reader of the output that goes away, or a file that reaches its limit (ulimit -f), is a
  // failed write, not the end of the process.
  for (const int number : {SIGPIPE, SIGXFSZ}) signal(number, SIG_IGN);
  const std::unique_ptr<StopSignal> stop = MILLRACE_TRY(StopSignal::create());
  Composition made = MILLRACE_TRY(compose(job.config, job.output));
  for (const std::string& remark : made.remarks) log::info("app", remark);
  MILLRACE_TRY(check_before_commit(job, made));
  std::unique_ptr<Pipeline> pipeline = MILLRACE_TRY(
      Pipeline::create(std::move(made.graph), std::move(made.allocators),
                       pipeline_options(job.config, driver_log ? &*driver_log : nullptr)));
  MILLRACE_TRY(check_plan(job.config.expect, pipeline->plan()));

  Result<> ran =
      run_with_progress(*pipeline, options, terminal, made.source.frame_rate, stop->token());
  if (ran) ran = check_delivery(job, pipeline->snapshot(), stop->token().stop_requested());
  const Summary summary{.source = job.config.source.name,
                        .output = job.output.path,
                        .output_bytes = size_of_output(job.output.path, pipeline->snapshot()),
                        .plan = pipeline->plan(),
                        .ledger = pipeline->ledger(),
                        .encoder = made.encoder,
                        .run = pipeline->snapshot(),
                        .use = process_use(),
                        .remarks = remarks_after(made),
                        .proof = pipeline->proof(),
                        .error = ran ? std::nullopt : std::optional(ran.error())};
  print_summary(summary, options);
  if (!ran && ran.error().kind == ErrorKind::timeout) {
    driver_log.reset();  // nothing else is destroyed, and its file would stay behind
    leave_at_once(ran.error(), options);
  }
  const Result<> kept = ran ? check_after(job, summary) : ran;
  return kept ? ExitCode::done : report_error(kept.error(), options.log_form);
}

}  // namespace millrace::app
