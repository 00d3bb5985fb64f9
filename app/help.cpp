// SPDX-License-Identifier: MIT
#include "app/help.h"

#include <array>

#include <fmt/format.h>

#include "app/key_table.h"

namespace millrace::app {
namespace {

struct CommandHelp {
  Command command;
  uint8_t taken;
  std::string_view usage;
  std::string_view summary;
  std::string_view examples;
};

constexpr std::array<CommandHelp, 6> commands = {{
    {Command::none, by_all, "millrace COMMAND [OPTION…]",
     "Records video without copying frames, proves it, and says why where it must copy.",
     "  millrace record --duration 5s -o clip.mkv\n"
     "  millrace graph -s file:talk.mp4\n"
     "  millrace probe\n"},
    {Command::record, by_record, "millrace record [OPTION…]",
     "Encodes a source into a file, until the source ends, a limit is reached, or Ctrl-C.",
     "  millrace record --duration 5s -o clip.mkv\n"
     "  millrace record -s test:bars --size 1280x720 --fps 59.94 --realtime -o bars.mp4\n"
     "  millrace record -s file:talk.webm --rc vbr -b 4M -o talk.mkv --require zero-copy\n"
     "  millrace record -s test:bars --frames 100 --json -o bars.h264\n"
     "  millrace record -o - | ffplay -\n"},
    {Command::run, by_run, "millrace run FILE.toml [OPTION…]",
     "Records what a configuration file describes; options stand above the file.",
     "  millrace run configs/test_pattern.toml -o bars.mkv\n"
     "  millrace run configs/file_transcode.toml --set source=file:talk.webm --dry-run\n"},
    {Command::graph, by_graph, "millrace graph [FILE.toml] [OPTION…]",
     "Plans a recording without running it: the way of the frames, the copies, the reasons.",
     "  millrace graph -s test:bars --size 1366x768\n"
     "  millrace graph -s 'test:bars;stride=322' --size 322x182 --print json\n"
     "  millrace graph --print dot | dot -Tsvg > plan.svg\n"},
    {Command::list, by_list, "millrace list sources|encoders|formats [OPTION…]",
     "Lists what exists here.", "  millrace list encoders\n  millrace list formats --json\n"},
    {Command::probe, by_probe, "millrace probe [OPTION…]",
     "Tries each step of a recording and says what fails, why, and what would help.",
     "  millrace probe\n  millrace probe --device /dev/dri/renderD128 --json\n"},
}};

constexpr std::array<std::string_view, 6> group_names = {"Source", "Length", "Video",
                                                         "Output", "Memory", "Common"};

const CommandHelp& help_of(Command command) {
  for (const CommandHelp& entry : commands) {
    if (entry.command == command) return entry;
  }
  return commands.front();
}

std::string spelling(const Key& key) {
  std::string text = key.letter ? fmt::format("-{}, --{}", key.letter, key.option)
                                : fmt::format("    --{}", key.option);
  if (!key.unit.empty()) text += fmt::format(" {}", key.unit);
  return text;
}

std::string choices_of(const Key& key) {
  return key.choices.empty() || key.choices == key.unit ? std::string() : std::string(key.choices);
}

std::string default_of(const Key& key) {
  if (key.kind == ValueKind::flag) return {};
  if (!key.fallback.empty()) return std::string(key.fallback);
  return std::string(key.otherwise);
}

std::string full_entry(const Key& key) {
  std::string text = fmt::format("  {}\n      {}\n", spelling(key), key.help);
  std::string facts;
  if (const std::string choices = choices_of(key); !choices.empty()) facts += choices + ". ";
  if (const std::string fallback = default_of(key); !fallback.empty()) {
    facts += fmt::format("Default: {}. ", fallback);
  }
  if (!key.path.empty()) facts += fmt::format("Key: {}. ", key.path);
  if (facts.empty()) return text;
  facts.pop_back();
  return text + fmt::format("      {}\n", facts);
}

std::string options_text(uint8_t taken, HelpForm form) {
  std::string text;
  for (size_t group = 0; group < group_names.size(); ++group) {
    std::string entries;
    for (const Key& key : key_table()) {
      const bool listed =
          !key.option.empty() && (key.taken & taken) && key.group == static_cast<Group>(group);
      if (!listed) continue;
      entries += form == HelpForm::full ? full_entry(key)
                                        : fmt::format("  {:<28} {}\n", spelling(key), key.help);
    }
    if (!entries.empty()) text += fmt::format("\n{}:\n{}", group_names.at(group), entries);
  }
  return text;
}

std::string command_list() {
  std::string text = "\nCommands:\n";
  for (const CommandHelp& entry : commands) {
    if (entry.command == Command::none) continue;
    text += fmt::format("  {:<8} {}\n", name_of(entry.command), entry.summary);
  }
  return text + "\nmillrace COMMAND -h shows the options of a command, --help all about them.\n";
}

constexpr std::string_view exit_codes =
    "\nExit codes: 0 done (also after a signal, once the file is finalised), 1 other failure,\n"
    "2 usage or configuration, 3 not available here, 4 permission denied, 5 cancelled (you said\n"
    "no), 6 source lost, 7 output failed or disk nearly full, 8 an expectation did not hold,\n"
    "9 timeout.\n";

/// Cells of a Markdown table may not hold bare pipes.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string unit_cell(const Key& key) {
  if (!key.choices.empty()) return cell(key.choices);
  if (key.kind == ValueKind::flag) return "true\\|false";
  if (key.kind == ValueKind::count)
    return fmt::format("{}, {} to {}", key.unit, key.least, key.most);
  return cell(key.unit);
}

}  // namespace

std::string help_text(Command command, HelpForm form) {
  const CommandHelp& entry = help_of(command);
  std::string text;
  if (form == HelpForm::full) text += fmt::format("Examples:\n{}\n", entry.examples);
  text += fmt::format("Usage: {}\n\n{}\n", entry.usage, entry.summary);
  if (command == Command::none) return text + command_list() + std::string(exit_codes);
  text += options_text(entry.taken, form);
  if (form == HelpForm::full) return text + std::string(exit_codes);
  return text + fmt::format("\nmillrace {} --help says more.\n", name_of(command));
}

std::string key_reference() {
  std::string text =
      "# Configuration files\n\n"
      "`millrace run FILE.toml` records what a file describes; `millrace record -C FILE.toml` "
      "lays\n"
      "one below its options. Files are TOML 1.0. Settings come, each over the one before, from "
      "the\n"
      "built-in values, the files, `--set KEY=VALUE`, and the options; `--dry-run` prints what is\n"
      "in force and where it came from. An unknown key is an error. Relative paths start from the\n"
      "folder of the file that they stand in.\n\n"
      "A pipeline has a short form and a full one:\n\n"
      "```toml\n"
      "schema = 1                     # of this format; may be left out\n"
      "source = \"test:bars\"           # short: what -s takes\n"
      "output = \"bars.mkv\"            # short: output.path\n"
      "```\n\n"
      "```toml\n"
      "source = { kind = \"test\", id = \"bars\", size = \"1280x720\", fps = 30 }\n"
      "encode = { codec = \"h264\", rc = \"cqp\", qp = 22 }\n"
      "output = { path = \"bars.mkv\", overwrite = \"always\" }\n"
      "[expect]\n"
      "max_copies = 0\n"
      "```\n\n"
      "Examples: `test_pattern.toml`, `file_transcode.toml`.\n\n"
      "## Every key\n\n"
      "This table is made from the program's own (`app/key_table.cpp`); a test compares the "
      "two.\n\n"
      "| key | option | unit or choices | default | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : key_table()) {
    if (key.path.empty()) continue;
    const std::string option = key.option.empty() ? "" : fmt::format("`--{}`", key.option);
    const std::string fallback =
        key.fallback.empty() ? cell(key.otherwise) : fmt::format("`{}`", key.fallback);
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.path, option, unit_cell(key),
                        fallback, cell(key.help));
  }
  return text;
}

}  // namespace millrace::app
