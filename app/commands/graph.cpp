// SPDX-License-Identifier: MIT
// graph: negotiates a recording without running it.
#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/job.h"
#include "app/standard_streams.h"
#include "engine/base/log.h"
#include "engine/run/pipeline.h"

namespace millrace::app {
namespace {

std::string printed(const Plan& plan, const Options& options) {
  switch (options.plan_form) {
    case PlanForm::json:
      return plan.json();
    case PlanForm::dot:
      return plan.dot();
    case PlanForm::text:
      return plan.text();
  }
  return plan.text();
}

}  // namespace

Result<ExitCode> graph(const Options& options) {
  const Job job = MILLRACE_TRY(make_job(options));
  if (options.dry_run) {
    put_result(dry_run_text(job, options.json));
    return ExitCode::done;
  }
  const Composition made = MILLRACE_TRY(compose(job.config, job.output));
  for (const std::string& remark : made.remarks) log::info("app", remark);
  const NegotiationInput input =
      MILLRACE_TRY(negotiation_input(made.graph, made.allocators, extra_buffers(job.config)));
  const Plan plan = MILLRACE_TRY(negotiate(input));
  const std::string text = printed(plan, options);
  put_result(fmt::format("{}{}", text, text.ends_with('\n') ? "" : "\n"));
  MILLRACE_TRY(check_plan(job.config.expect, plan));
  return ExitCode::done;
}

}  // namespace millrace::app
