// SPDX-License-Identifier: MIT
#include "engine/base/log.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::log {
namespace {

class Log : public testing::Test {
 protected:
  ~Log() override {
    set_line_hook(nullptr);
    configure({});
  }

  /// What `level` and `message` put on stderr under `settings`.
  static std::string written(const Settings& settings, Level level, const std::string& message) {
    configure(settings);
    testing::internal::CaptureStderr();
    write(level, "memory", message);
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, everyday_lines_are_bare) {
  EXPECT_EQ(written({}, Level::info, "wrote x.mkv"), "wrote x.mkv\n");
}

TEST_F(Log, what_deserves_attention_says_its_level) {
  EXPECT_EQ(written({}, Level::warning, "software VA driver"), "warning: software VA driver\n");
  EXPECT_EQ(written({}, Level::error, "lost"), "error: lost\n");
}

TEST_F(Log, debugging_lines_name_their_category) {
  EXPECT_EQ(written({.level = Level::debug}, Level::debug, "lent"), "debug: [memory] lent\n");
}

TEST_F(Log, lines_below_the_threshold_are_silent) {
  EXPECT_EQ(written({.level = Level::warning}, Level::info, "wrote x.mkv"), "");
  EXPECT_EQ(written({.level = Level::off}, Level::error, "lost"), "");
}

TEST_F(Log, json_lines_escape_what_would_break_them) {
  EXPECT_EQ(written({.form = Form::json}, Level::info, "say \"x\\y\"\n"),
            R"({"v":1,"type":"log","level":"info","category":"memory",)"
            R"("message":"say \"x\\y\"\n"})"
            "\n");
}

TEST_F(Log, json_lines_replace_bytes_that_are_no_utf_8) {
  EXPECT_EQ(written({.form = Form::json}, Level::info, "open a\xff\xc3.mkv, \xc3\xa9"),
            R"({"v":1,"type":"log","level":"info","category":"memory",)"
            "\"message\":\"open a\xef\xbf\xbd\xef\xbf\xbd.mkv, \xc3\xa9\"}\n");
}

TEST_F(Log, colours_only_the_level) {
  EXPECT_EQ(written({.color = true}, Level::error, "lost"), "\033[31merror:\033[0m lost\n");
  EXPECT_EQ(written({.color = true}, Level::info, "fine"), "fine\n");
}

std::vector<bool>& hook_calls() {
  static std::vector<bool> calls;
  return calls;
}

TEST_F(Log, the_hook_is_called_around_each_line_and_not_for_silent_ones) {
  set_line_hook([](bool before) { hook_calls().push_back(before); });
  written({}, Level::info, "one");
  written({}, Level::debug, "none");
  EXPECT_EQ(hook_calls(), (std::vector<bool>{true, false}));
}

}  // namespace
}  // namespace millrace::log
