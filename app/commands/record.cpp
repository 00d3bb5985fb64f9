// SPDX-License-Identifier: MIT
// record and run: compose, plan, run, report.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <optional>

#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/ending.h"
#include "app/error_text.h"
#include "app/job.h"
#include "app/on_saved.h"
#include "app/output_file.h"
#include "app/progress.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/summary.h"
#include "app/units.h"
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

/// What may still be written, as far as anybody knows.
std::optional<uint64_t> room_above_reserve(const Job& job) {
  const std::optional<uint64_t> room = room_for(job.output.path);
  if (!room) return room;
  return *room - std::min(*room, job.config.output.min_free);
}

struct Behaviour {
  const Options& options;
  const Terminal& terminal;
};

Result<> run_with_progress(Pipeline& pipeline, const Job& job, const Behaviour& behaviour,
                           Fraction nominal_rate, const std::stop_token& stop) {
  const auto& [options, terminal] = behaviour;
  const ProgressForm form =
      options.quiet ? ProgressForm::off : settle_form(options.progress, options.log_form, terminal);
  const Progress progress(form, [&pipeline, &job, nominal_rate] {
    const RunSnapshot run = pipeline.snapshot();
    return ProgressSample{run,
                          moves_per_frame(pipeline.ledger(), observe::MoveKind::copy, run.captured),
                          nominal_rate, room_above_reserve(job)};
  });
  return pipeline.run(stop);
}

/// For who sits before it.
void tell_start(const Job& job, const Composition& made) {
  const std::string& detail = made.source_detail;
  log::info("app", fmt::format("recording {} to {}; Ctrl-C stops it",
                               detail.empty() ? job.config.source.name : detail,
                               is_stdout(job.output.path) ? "stdout" : job.output.path));
}

/// Whether the run has left a file that plays; what else lies there is not ours.
bool has_saved(const Ending& ending) {
  const auto file = ending.file();
  return file && file->stands;
}

/// The run's numbers, and of what broke off the file's: what came after did not get into it.
RunSnapshot numbers_of(const Pipeline& pipeline, const Ending& ending, bool ran) {
  RunSnapshot run = pipeline.snapshot();
  const auto file = ending.file();
  if (ran || !file) return run;
  run.delivered = std::min(run.delivered, file->frames);
  run.duplicated = std::min(run.duplicated, run.delivered);
  run.stream_time = std::min(run.stream_time, file->length);
  return run;
}

/// Of a pipe only what went into the packets is known.
uint64_t size_of_output(const Job& job, const Composition& made, const RunSnapshot& run,
                        const Ending& ending) {
  if (made.device) return made.device->image_bytes() * run.delivered;
  if (!has_saved(ending)) return run.packet_bytes;
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(job.output.path, error);
  return error ? 0 : size;
}

/// With what only the run has shown.
std::vector<std::string> remarks_after(const Composition& made, const Ending& ending) {
  std::vector<std::string> remarks = made.remarks;
  if (const std::optional<uint64_t> left = ending.low_disk()) {
    remarks.push_back(
        fmt::format("the disk of the recording is nearly full: {} were free", bytes_text(*left)));
  }
  if (!made.notices) return remarks;
  for (std::string& notice : made.notices()) remarks.push_back(std::move(notice));
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
  return fail(ErrorKind::internal,
              fmt::format("record {}: the {} dropped all {} frames", job.output.path,
                          job.output.is_device ? "device" : "encoder", run.captured),
              "without --quiet the warnings say why; millrace probe tries the encoder");
}

/// A disk that got full ended the recording before its time, however well it was saved.
Result<> check_disk(const Job& job, const Ending& ending, const RunSnapshot& run) {
  const std::optional<uint64_t> left = ending.low_disk();
  if (!left || ending.reason({}, run) != EndReason::disk_low) return {};
  return fail(
      ErrorKind::output_failed,
      fmt::format("record {}: ended early, as {} are free on its disk and {} are to stay "
                  "free; {:.1f} s in {} frames are saved",
                  job.output.path, bytes_text(*left), bytes_text(job.config.output.min_free),
                  std::chrono::duration<double>(run.stream_time).count(), run.delivered),
      "make room, choose another disk with -o, or lower --min-free");
}

/// Runs the user's command, if there is one and a file for it. Its failure changes nothing.
Result<> tell_user_command(const Job& job, const Summary& summary, ExitCode code,
                           const std::stop_token& stop) {
  const std::string& command = job.config.output.on_saved;
  const RunSnapshot& run = summary.run;
  Result<> done =
      run_on_saved(command, {job.output.path, run.stream_time, run.delivered, code}, stop);
  if (!done) log::warning("app", done.error().what);
  return done;
}

/// What the run did not keep, if it got to its end.
Result<> check_after(const Job& job, const Summary& summary) {
  MILLRACE_TRY(check_ledger(job.config.expect, summary.ledger, summary.run.captured));
  if (!summary.proof || summary.proof->holds()) return {};
  return fail(ErrorKind::expectation, "the proof contradicts the plan: frames were copied unseen",
              "the proof in the summary says which leg saw what");
}

/// What is known once the run is over. Borrows from all of them.
Summary summary_of(const Job& job, const Composition& made, const Pipeline& pipeline,
                   const RunSnapshot& run, const Ending& ending) {
  return {.source = job.config.source.name,
          .source_detail = made.source_detail,
          .output = job.output.path,
          .output_detail = made.device ? made.device->what() : std::string(),
          .output_bytes = size_of_output(job, made, run, ending),
          .plan = pipeline.plan(),
          .ledger = pipeline.ledger(),
          .encoder = made.encoder,
          .run = run,
          .use = process_use(),
          .remarks = remarks_after(made, ending),
          .proof = pipeline.proof()};
}

/// For people at once: the user's command may take its time. JSON says how that went, too.
void print_text(const Summary& summary, const Options& options) {
  const bool text = !options.json && options.log_form != log::Form::json;
  if (text && !options.quiet) put_message(summary_text(summary));
}

void print_results(const Summary& summary, const Options& options) {
  if (options.json) {
    put_result(fmt::format("{}\n", summary_json(summary)));
    return;
  }
  const bool json_lines = options.log_form == log::Form::json;
  if (json_lines && !options.quiet) put_message(summary_json(summary) + "\n");
  // What could not be written as it should is no result for a script to go on with.
  const bool failed = summary.error && summary.error->kind == ErrorKind::output_failed;
  const bool leaves_a_file = summary.encoder && !is_stdout(summary.output);
  if (failed || summary.run.delivered == 0 || !leaves_a_file) return;
  put_result(fmt::format("{}\n", summary.output));
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
    put_result(dry_run_text(job, options.json));
    return ExitCode::done;
  }
  MILLRACE_TRY(check_output(job, terminal));
  // Held to the end: a reader sees the end of the recording when everything has been said.
  const UniqueFd stream = is_stdout(job.output.path) ? MILLRACE_TRY(take_stdout()) : UniqueFd();
  job.output.stream = stream.get();
  std::optional<DriverLog> driver_log;
  if (validation_is_asked()) driver_log.emplace(MILLRACE_TRY(DriverLog::ask_driver()));
  // A reader of the output that goes away, or a file that reaches its limit (ulimit -f), is a
  // failed write, not the end of the process.
  for (const int number : {SIGPIPE, SIGXFSZ}) signal(number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);  // ignored, it would take away how --on-saved ended
  const std::unique_ptr<StopSignal> signals = MILLRACE_TRY(StopSignal::create());
  Ending ending(signals->token());
  job.output.stop = ending.token();
  job.output.on_low_disk = [&ending](uint64_t free_bytes) { ending.disk_is_low(free_bytes); };
  job.output.on_end = [&ending](const auto& file) { ending.file_is_ended(file); };
  Composition made = MILLRACE_TRY(compose(job.config, job.output));
  std::ranges::move(remarks_on_output(job), std::back_inserter(made.remarks));
  for (const std::string& remark : made.remarks) log::info("app", remark);
  MILLRACE_TRY(check_before_commit(job, made));
  std::unique_ptr<Pipeline> pipeline = MILLRACE_TRY(
      Pipeline::create(std::move(made.graph), std::move(made.allocators),
                       pipeline_options(job.config, driver_log ? &*driver_log : nullptr)));
  MILLRACE_TRY(check_plan(job.config.expect, pipeline->plan()));
  if (terminal.errors) tell_start(job, made);

  Result<> ran = run_with_progress(*pipeline, job, {options, terminal}, made.source.frame_rate,
                                   ending.token());
  const RunSnapshot run = numbers_of(*pipeline, ending, bool(ran));
  const EndReason ended = ending.reason(ran, run);
  if (ran) ran = check_delivery(job, run, ending.token().stop_requested());
  if (ran) ran = check_disk(job, ending, run);
  Summary summary = summary_of(job, made, *pipeline, run, ending);
  summary.ended = ended;
  if (!ran) summary.error = ran.error();
  if (!ran && ran.error().kind == ErrorKind::timeout) {
    print_text(summary, options);
    print_results(summary, options);
    driver_log.reset();  // nothing else is destroyed, and its file would stay behind
    leave_at_once(ran.error(), options);
  }
  const Result<> kept = ran ? check_after(job, summary) : ran;
  const ExitCode code = kept ? ExitCode::done : exit_code(kept.error().kind);
  print_text(summary, options);
  if (!job.config.output.on_saved.empty() && has_saved(ending)) {
    summary.on_saved = tell_user_command(job, summary, code, signals->renew());
  }
  print_results(summary, options);
  return kept ? code : report_error(kept.error(), options.log_form);
}

}  // namespace millrace::app
