// SPDX-License-Identifier: MIT
// The program's table of contents: options, behaviour, command, exit code.
#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/driver_path.h"
#include "app/error_text.h"
#include "app/help.h"
#include "app/options.h"
#include "app/standard_streams.h"
#include "app/terminal.h"
#include "engine/base/log.h"

namespace millrace::app {
namespace {

void configure_log(const Options& options, const Terminal& terminal) {
  log::Level level = log::Level::info;
  if (options.verbosity == 1) level = log::Level::debug;
  if (options.verbosity >= 2) level = log::Level::trace;
  if (options.quiet) level = log::Level::error;
  log::configure({level, options.log_form, terminal.color});
}

Result<ExitCode> run_command(const Options& options, const Terminal& terminal) {
  switch (options.command) {
    case Command::record:
    case Command::run:
      return record(options, terminal);
    case Command::graph:
      return graph(options);
    case Command::list:
      return list(options);
    case Command::probe:
      return probe(options);
    case Command::none:
      break;
  }
  return ExitCode::done;
}

/// An error that ended a command before it had a result: with --json it is the result.
ExitCode report(const Error& error, const Options& options) {
  if (options.json) put_result(fmt::format("{}\n", error_json(error)));
  return report_error(error, options.log_form);
}

/// How to tell that the arguments make no sense, as far as they say so themselves.
Options behaviour_among(const std::vector<std::string>& arguments) {
  constexpr std::array<std::string_view, 2> json_log = {"--log-format", "json"};
  Options behaviour;
  behaviour.json = std::ranges::find(arguments, "--json") != arguments.end();
  const bool log_is_json = std::ranges::find(arguments, "--log-format=json") != arguments.end() ||
                           std::search(arguments.begin(), arguments.end(), json_log.begin(),
                                       json_log.end()) != arguments.end();
  if (log_is_json) behaviour.log_form = log::Form::json;
  return behaviour;
}

ExitCode run_program(const std::vector<std::string>& arguments) {
  const Result<Options> parsed = parse_options(arguments);
  if (!parsed) return report(parsed.error(), behaviour_among(arguments));
  const Options& options = *parsed;
  if (options.help != HelpForm::none) {
    put_result(help_text(options.command, options.help));
    return ExitCode::done;
  }
  if (options.version) {
    put_result(fmt::format("millrace {}\n", MILLRACE_VERSION));
    return ExitCode::done;
  }
  const Terminal terminal = look_at_terminal(options.color);
  configure_log(options, terminal);
  const Result<ExitCode> code = run_command(options, terminal);
  return code ? *code : report(code.error(), options);
}

/// Whatever a library throws ends here.
ExitCode run_guarded(const std::vector<std::string>& arguments) {
  try {
    return run_program(arguments);
  } catch (const std::exception& error) {
    return report_error({ErrorKind::internal, error.what(), "this is a fault of the program", 0},
                        log::Form::text);
  }
}

}  // namespace
}  // namespace millrace::app

int main(int argc, char** argv) {
  using namespace millrace::app;
  fill_standard_descriptors();
  set_driver_path();
  const ExitCode code = run_guarded(std::vector<std::string>(argv + (argc > 0), argv + argc));
  // A result that did not get to its reader is no result.
  const millrace::Result<> written = check_results();
  if (written || code != ExitCode::done) return static_cast<int>(code);
  return static_cast<int>(report_error(written.error(), millrace::log::Form::text));
}
