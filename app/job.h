// SPDX-License-Identifier: MIT
// Job: what the commands that plan a recording have in common: settings, the output's name, and
// the user's demands on the plan and on the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/compose.h"
#include "app/options.h"
#include "app/pipeline_config.h"
#include "app/terminal.h"
#include "engine/base/result.h"
#include "engine/graph/plan.h"
#include "engine/observe/ledger.h"

namespace millrace::app {

struct Job {
  Values values;  ///< the settings in force
  PipelineConfig config;
  Output output;
};

/// The settings, checked, and the source chosen where it is `auto`; no file or device is opened.
/// The output's name is for this moment.
[[nodiscard]] Result<Job> make_job(const Options& options);

/// Whether the output may be made and has room, asking where the user wants to be asked.
[[nodiscard]] Result<> check_output(Job& job, const Terminal& terminal);

/// The user's wishes that a pipe or a device, which are no files, cannot follow.
[[nodiscard]] std::vector<std::string> remarks_on_output(const Job& job);

/// --dry-run: the settings in force with their origins.
[[nodiscard]] std::string dry_run_text(const Job& job, bool json);

/// The user's number of buffers as the plan wants to hear it.
[[nodiscard]] OptionalNumber extra_buffers(const PipelineConfig& config);

/// Fails (`expectation`) where the plan has more copies than are allowed, naming the edge, the
/// conflict and what would help.
[[nodiscard]] Result<> check_plan(const ExpectSettings& expect, const Plan& plan);

/// The same for what the ledger booked over `frames`.
[[nodiscard]] Result<> check_ledger(const ExpectSettings& expect, const observe::Ledger& ledger,
                                    uint64_t frames);

}  // namespace millrace::app
