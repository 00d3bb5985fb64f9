// SPDX-License-Identifier: MIT
// Log lines for people: category = folder, five levels, as text or as JSON lines on stderr.
//
// Thread-safe. Nothing on the frame path may log: what happens per frame is a record
// (engine/observe). An error is logged once, where it is handled.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/export.h"

namespace millrace::log {

enum class Level { trace, debug, info, warning, error, off };
enum class Form { text, json };

struct Settings {
  Level level = Level::info;
  Form form = Form::text;
  bool color = false;
};

/// Call once from `main`, before any thread starts.
MILLRACE_API void configure(const Settings& settings);

[[nodiscard]] MILLRACE_API bool enabled(Level level);
MILLRACE_API void write(Level level, std::string_view category, std::string_view message);

inline void debug(std::string_view category, std::string_view message) {
  write(Level::debug, category, message);
}

inline void info(std::string_view category, std::string_view message) {
  write(Level::info, category, message);
}

inline void warning(std::string_view category, std::string_view message) {
  write(Level::warning, category, message);
}

inline void error(std::string_view category, std::string_view message) {
  write(Level::error, category, message);
}

/// Called before and after each line, so that a progress line on the same terminal can step aside.
/// `hook(true)` comes before the line, `hook(false)` after it.
MILLRACE_API void set_line_hook(void (*hook)(bool before));

}  // namespace millrace::log
