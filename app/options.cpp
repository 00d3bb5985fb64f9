// SPDX-License-Identifier: MIT
#include "app/options.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/config.h"
#include "app/key_table.h"
#include "app/nearest.h"
#include "app/pipeline_config.h"

namespace millrace::app {
namespace {

struct CommandFacts {
  Command command;
  std::string name;
  uint8_t bit;
};

const std::array<CommandFacts, 5> commands = {{{Command::record, "record", by_record},
                                               {Command::run, "run", by_run},
                                               {Command::graph, "graph", by_graph},
                                               {Command::list, "list", by_list},
                                               {Command::probe, "probe", by_probe}}};

const std::vector<std::string> listings = {"sources", "encoders", "formats"};

/// What the command line held, by option name; flags hold one "true" for each time.
struct Given {
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::string> rest;  ///< neither an option nor a value of one
  bool short_help = false;
  bool long_help = false;

  [[nodiscard]] size_t times(std::string_view name) const {
    const auto found = options.find(name);
    return found == options.end() ? 0 : found->second.size();
  }

  [[nodiscard]] std::string last(std::string_view name) const {
    return times(name) ? options.find(name)->second.back() : std::string();
  }
};

std::vector<std::string> options_of(uint8_t command_bit) {
  std::vector<std::string> names;
  for (const Key& key : key_table()) {
    if (!key.option.empty() && (key.taken & command_bit)) {
      names.push_back(fmt::format("--{}", key.option));
    }
  }
  return names;
}

void declare(CLI::App& app, const Key& key, Given& given) {
  const std::string name(key.option);
  if (name == "help") {
    app.add_flag("-h", given.short_help);
    app.add_flag("--help", given.long_help);
    return;
  }
  const std::string spelling =
      key.letter ? fmt::format("-{},--{}", key.letter, name) : fmt::format("--{}", name);
  if (key.kind == ValueKind::flag) {
    app.add_flag_callback(spelling, [] {})
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->disable_flag_override()
        ->each([&given, name](const std::string&) { given.options[name].push_back("true"); });
    return;
  }
  app.add_option(spelling)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->each([&given, name](const std::string& value) { given.options[name].push_back(value); });
}

/// CLI11 finds the options and their values; what they mean is decided here.
Result<Given> tokenise(uint8_t command_bit, std::vector<std::string> arguments) {
  Given given;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (const Key& key : key_table()) {
    if (!key.option.empty() && (key.taken & command_bit)) declare(app, key, given);
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view text = error.what();  // "--size: 1 required TEXT missing"
    if (text.starts_with("--")) {
      return fail(ErrorKind::usage, fmt::format("{} has no value", text.substr(0, text.find(':'))),
                  "write the value behind it, like --size 1280x720");
    }
    // "quiet was given a disallowed flag override"
    return fail(ErrorKind::usage,
                fmt::format("--{} takes no value", text.substr(0, text.find(' '))),
                "write it alone, or leave it out");
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::usage, error.what(), "millrace -h shows how options are written");
  }
  given.rest = app.remaining();
  return given;
}

Failure fail_unknown_option(std::string argument, const CommandFacts* command) {
  argument.resize(std::min(argument.find('='), argument.size()));
  const uint8_t bit = command ? command->bit : static_cast<uint8_t>(by_all);
  std::string remedy = did_you_mean(argument, options_of(bit));
  const std::string where = command ? " of millrace " + command->name : "";
  if (remedy.empty()) {
    remedy = fmt::format("millrace {}--help lists the options", command ? command->name + " " : "");
  }
  return fail(ErrorKind::usage, fmt::format("unknown option{} {}", where, argument),
              std::move(remedy));
}

std::optional<std::string> first_option(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.size() > 1 && word.front() == '-') return word;
  }
  return std::nullopt;
}

Failure fail_unknown_command(const std::string& word) {
  std::vector<std::string> names;
  for (const CommandFacts& command : commands) names.push_back(command.name);
  std::string remedy = did_you_mean(word, names);
  if (remedy.empty()) remedy = fmt::format("choose one of {}", fmt::join(names, ", "));
  return fail(ErrorKind::usage, fmt::format("unknown command {}", word), std::move(remedy));
}

Result<Listing> listing_named(const std::string& name) {
  const auto found = std::ranges::find(listings, name);
  if (found != listings.end()) return static_cast<Listing>(found - listings.begin());
  std::string remedy = did_you_mean(name, listings);
  if (remedy.empty()) remedy = fmt::format("choose one of {}", fmt::join(listings, ", "));
  return fail(ErrorKind::usage, fmt::format("list: unknown listing \"{}\"", name), remedy);
}

/// The words that are no options: a file for run and graph, a listing for list.
Result<> take_words(const Given& given, const CommandFacts& command, Options& options) {
  std::vector<std::string> words = given.rest;
  const bool takes_file = command.command == Command::run || command.command == Command::graph;
  if (takes_file && !words.empty()) {
    options.config_file = words.front();
    words.erase(words.begin());
  } else if (command.command == Command::list && !words.empty()) {
    options.listing = MILLRACE_TRY(listing_named(words.front()));
    words.erase(words.begin());
  } else if (command.command == Command::list && options.help == HelpForm::none) {
    return fail(ErrorKind::usage, "list: what to list is missing",
                fmt::format("choose one of {}", fmt::join(listings, ", ")));
  }
  if (!words.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("{}: unexpected argument \"{}\"", command.name, words.front()),
                fmt::format("millrace {} -h shows what it takes", command.name));
  }
  return {};
}

Result<> check_plan_form(const Given& given) {
  const std::string form = given.last("print");
  if (!given.times("json") || form.empty() || form == "json") return {};
  return fail(
      ErrorKind::usage,
      fmt::format("--json and --print {} contradict each other: --json is --print json", form),
      "leave one out");
}

Result<> check_common(const Given& given) {
  for (const Key& key : key_table()) {
    if (!key.path.empty() || key.kind != ValueKind::choice) continue;
    for (const std::string& value : given.times(key.option) ? given.options.find(key.option)->second
                                                            : std::vector<std::string>()) {
      if (const Result<> checked = check_value(key, value); !checked) {
        return fail(checked.error().while_doing(fmt::format("--{}", key.option)));
      }
    }
  }
  return check_plan_form(given);
}

/// The place of `name` in a list that has the order of the enumeration; 0 where it is not there.
template <class Enum>
Enum chosen(const std::string& name, std::initializer_list<std::string_view> names) {
  const auto* found = std::find(names.begin(), names.end(), name);
  return static_cast<Enum>(found == names.end() ? 0 : found - names.begin());
}

void take_behaviour(const Given& given, Options& options) {
  if (given.short_help) options.help = HelpForm::brief;
  if (given.long_help) options.help = HelpForm::full;
  options.version = given.times("version") > 0;
  options.json = given.times("json") > 0;
  options.dry_run = given.times("dry-run") > 0;
  options.quiet = given.times("quiet") > 0;
  options.verbosity = static_cast<int>(std::min<size_t>(given.times("verbose"), 2));
  options.log_form = chosen<log::Form>(given.last("log-format"), {"text", "json"});
  options.color = chosen<When>(given.last("color"), {"auto", "always", "never"});
  options.progress =
      chosen<ProgressForm>(given.last("progress"), {"auto", "line", "plain", "json", "off"});
  options.plan_form = options.json ? PlanForm::json
                                   : chosen<PlanForm>(given.last("print"), {"text", "json", "dot"});
}

/// Lays the layers over the built-in one, in the order of precedence.
Result<> merge(const Given& given, Options& options) {
  options.values = Values::built_in();
  if (options.config_file) MILLRACE_TRY(load_config(*options.config_file, options.values));
  if (given.times("config")) {
    for (const std::string& file : given.options.find("config")->second) {
      MILLRACE_TRY(load_config(file, options.values));
    }
  }
  if (given.times("set")) {
    for (const std::string& pair : given.options.find("set")->second) {
      MILLRACE_TRY(options.values.set_pair(pair));
    }
  }
  for (const Key& key : key_table()) {
    if (key.path.empty() || !given.times(key.option)) continue;
    const Value value{given.last(key.option), fmt::format("--{}", key.option), {}};
    MILLRACE_TRY(options.values.set(key.path, value));
  }
  settle_defaults(options.values);
  return {};
}

Result<Options> without_command(const std::vector<std::string>& arguments) {
  Options options;
  const Given given = MILLRACE_TRY(tokenise(by_all, arguments));
  if (const auto unknown = first_option(given.rest)) return fail_unknown_option(*unknown, nullptr);
  if (!given.rest.empty()) return fail_unknown_command(given.rest.front());
  take_behaviour(given, options);
  if (options.help != HelpForm::none || options.version) return options;
  return fail(ErrorKind::usage, "no command is given", "try millrace record, or millrace -h");
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front().starts_with('-')) return without_command(arguments);
  const auto* command = std::ranges::find(commands, arguments.front(), &CommandFacts::name);
  if (command == commands.end()) return fail_unknown_command(arguments.front());
  Options options;
  options.command = command->command;
  const Given given =
      MILLRACE_TRY(tokenise(command->bit, {arguments.begin() + 1, arguments.end()}));
  take_behaviour(given, options);
  if (const auto unknown = first_option(given.rest)) return fail_unknown_option(*unknown, command);
  MILLRACE_TRY(check_common(given));
  MILLRACE_TRY(take_words(given, *command, options));
  if (options.help != HelpForm::none || options.version) return options;
  if (options.command == Command::run && !options.config_file) {
    return fail(ErrorKind::usage, "run: the configuration file is missing",
                "write millrace run FILE.toml; configs/ has examples");
  }
  MILLRACE_TRY(merge(given, options));
  return options;
}

std::string_view name_of(Command command) {
  const auto* found = std::ranges::find(commands, command, &CommandFacts::command);
  return found == commands.end() ? std::string_view() : found->name;
}

}  // namespace millrace::app
