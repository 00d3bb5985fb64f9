// SPDX-License-Identifier: MIT
// The command line as values: which command, which settings, how to behave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/values.h"
#include "engine/base/log.h"
#include "engine/base/result.h"

namespace millrace::app {

enum class Command : uint8_t { none, record, run, graph, list, probe };
enum class HelpForm : uint8_t { none, brief, full };
enum class When : uint8_t { automatic, always, never };
enum class ProgressForm : uint8_t { automatic, line, plain, json, off };
enum class PlanForm : uint8_t { text, json, dot };
enum class Listing : uint8_t { sources, encoders, formats };

struct Options {
  Command command = Command::none;
  HelpForm help = HelpForm::none;
  bool version = false;
  bool json = false;
  bool dry_run = false;
  bool quiet = false;
  int verbosity = 0;  ///< how often -v was given
  log::Form log_form = log::Form::text;
  When color = When::automatic;
  ProgressForm progress = ProgressForm::automatic;
  PlanForm plan_form = PlanForm::text;
  Listing listing = Listing::sources;
  std::optional<std::string> config_file;  ///< what `run` and `graph` were given to run
  /// Every layer merged: built-in < files < --set < options.
  Values values;
};

/// Errors: `usage` for what is unknown or malformed, with the nearest known word.
[[nodiscard]] Result<Options> parse_options(const std::vector<std::string>& arguments);

[[nodiscard]] std::string_view name_of(Command command);

}  // namespace millrace::app
