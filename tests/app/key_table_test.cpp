// SPDX-License-Identifier: MIT
#include "app/key_table.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "app/help.h"
#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(KeyTable, has_every_path_option_and_letter_once) {
  std::set<std::string_view> paths;
  std::set<std::string_view> options;
  std::set<char> letters;
  for (const Key& key : key_table()) {
    EXPECT_TRUE(!key.path.empty() || !key.option.empty());
    if (!key.path.empty()) {
      EXPECT_TRUE(paths.insert(key.path).second) << key.path;
    }
    if (!key.option.empty()) {
      EXPECT_TRUE(options.insert(key.option).second) << key.option;
    }
    if (key.letter) {
      EXPECT_TRUE(letters.insert(key.letter).second) << key.letter;
    }
  }
}

TEST(KeyTable, says_of_each_key_what_it_is_and_what_happens_without_it) {
  for (const Key& key : key_table()) {
    const std::string name(key.path.empty() ? key.option : key.path);
    EXPECT_FALSE(key.help.empty()) << name;
    EXPECT_TRUE(key.kind == ValueKind::flag || !key.unit.empty()) << name;
    EXPECT_TRUE(key.kind == ValueKind::flag || !key.fallback.empty() || !key.otherwise.empty())
        << name;
  }
}

TEST(KeyTable, has_fallbacks_that_its_own_checks_accept) {
  for (const Key& key : key_table()) {
    if (key.fallback.empty()) continue;
    const Result<> checked = check_value(key, key.fallback);
    EXPECT_TRUE(checked) << key.option << ": " << (checked ? "" : checked.error().what);
  }
}

TEST(KeyTable, has_exactly_the_documented_options) {
  const std::set<std::string_view> documented = {
      "source",     "size",       "fps",      "format",   "realtime",  "duration",    "frames",
      "codec",      "device",     "rc",       "qp",       "bitrate",   "max-bitrate", "keyint",
      "preset",     "matrix",     "range",    "output",   "container", "overwrite",   "require",
      "max-copies", "buffers",    "min-free", "on-saved", "config",    "set",         "verbose",
      "quiet",      "log-format", "color",    "progress", "json",      "dry-run",     "version",
      "help",       "print",      "cursor",   "memory"};
  std::set<std::string_view> found;
  for (const Key& key : key_table()) {
    if (!key.option.empty()) found.insert(key.option);
  }
  EXPECT_EQ(found, documented);
}

TEST(KeyTable, makes_the_key_reference_in_the_tree) {
  const std::string reference = key_reference();
  if (std::getenv("MILLRACE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(MILLRACE_SOURCE_TREE "/configs/README.md") << reference;
  }

  EXPECT_EQ(content(MILLRACE_SOURCE_TREE "/configs/README.md"), reference)
      << "MILLRACE_UPDATE_GOLDEN=1 writes it anew";
}

TEST(Help, shows_examples_first_and_every_option_with_its_default) {
  const std::string text = help_text(Command::record, HelpForm::full);

  EXPECT_TRUE(text.starts_with("Examples:\n  millrace record"));
  for (const Key& key : key_table()) {
    if (key.option.empty() || !(key.taken & by_record)) continue;
    EXPECT_HAS(text, "--" + std::string(key.option));
    if (!key.path.empty()) {
      EXPECT_HAS(text, "Key: " + std::string(key.path));
    }
  }
}

TEST(Help, has_a_short_form_that_names_the_long_one) {
  const std::string text = help_text(Command::record, HelpForm::brief);

  EXPECT_HAS(text, "-o, --output PATH");
  EXPECT_HAS(text, "millrace record --help says more.");
  EXPECT_LT(text.size(), help_text(Command::record, HelpForm::full).size());
}

TEST(Help, lists_the_commands_and_the_exit_codes) {
  const std::string text = help_text(Command::none, HelpForm::brief);

  for (const char* command : {"record", "run", "graph", "list", "probe"}) {
    EXPECT_HAS(text, std::string("\n  ") + command);
  }
  EXPECT_HAS(text, "Exit codes:");
}

}  // namespace
}  // namespace millrace::app
