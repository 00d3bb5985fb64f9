// SPDX-License-Identifier: MIT
// probe: tries each step of a recording and prints what fails and what would help.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/probe_steps.h"
#include "app/standard_streams.h"

namespace millrace::app {
namespace {

using Json = nlohmann::ordered_json;

void print_step(const Step& step) {
  put_result(fmt::format("{:<8} {}: {}\n", to_string(step.verdict), step.name, step.detail));
  if (!step.remedy.empty()) put_result(fmt::format("         {}\n", step.remedy));
}

void print_json(const std::vector<Step>& steps) {
  Json list = Json::array();
  for (const Step& step : steps) {
    list.push_back({{"step", step.name},
                    {"verdict", to_string(step.verdict)},
                    {"detail", step.detail},
                    {"remedy", step.remedy}});
  }
  put_result(fmt::format("{}\n", list.dump(2, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace

Result<ExitCode> probe(const Options& options) {
  const Value* device = options.values.find("encode.device");
  const std::vector<Step> steps = probe_steps(device ? device->text : "auto");
  if (options.json) {
    print_json(steps);
  } else {
    for (const Step& step : steps) print_step(step);
  }
  const bool failed = std::ranges::any_of(
      steps, [](const Step& step) { return step.verdict == StepVerdict::fail; });
  return failed ? ExitCode::unavailable : ExitCode::done;
}

}  // namespace millrace::app
