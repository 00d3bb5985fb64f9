// SPDX-License-Identifier: MIT
#include "engine/base/log.h"

#include <array>
#include <atomic>
#include <memory>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace millrace::log {
namespace {

std::atomic<Level> threshold{Level::info};
std::atomic<Form> form{Form::text};
std::atomic<bool> color{false};
std::atomic<void (*)(bool)> line_hook{nullptr};

spdlog::logger& sink() {
  // Never destroyed: a line may still come from a static destructor.
  static auto* const logger = [] {
    auto* made = new spdlog::logger("millrace", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

std::string_view name_of(Level level) {
  static constexpr std::array<std::string_view, 6> names = {"trace",   "debug", "info",
                                                            "warning", "error", "off"};
  return names.at(static_cast<size_t>(level));
}

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::warning:
      return "\033[33m";
    case Level::error:
      return "\033[31m";
    default:
      return "\033[2m";
  }
}

/// A string of JSON, quotes and all. File names and drivers' words may be no UTF-8; what is not is
/// replaced.
std::string json_string(std::string_view text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string render(Level level, std::string_view category, std::string_view message) {
  const std::string name(name_of(level));
  if (form.load() == Form::json) {
    return R"({"v":1,"type":"log","level":)" + json_string(name) + R"(,"category":)" +
           json_string(category) + R"(,"message":)" + json_string(message) + "}";
  }
  // The everyday line is bare; what deserves attention says its level.
  std::string line;
  if (level != Level::info) {
    line = name + ": ";
    if (color.load()) line = std::string(colour_of(level)) + name + ":\033[0m ";
  }
  if (level <= Level::debug) line += "[" + std::string(category) + "] ";
  return line + std::string(message);
}

}  // namespace

void configure(const Settings& settings) {
  threshold = settings.level;
  form = settings.form;
  color = settings.color;
}

bool enabled(Level level) {
  return level >= threshold.load(std::memory_order_relaxed) && level != Level::off;
}

void write(Level level, std::string_view category, std::string_view message) {
  if (!enabled(level)) return;
  const auto hook = line_hook.load();
  if (hook) hook(true);
  sink().info(render(level, category, message));
  if (hook) hook(false);
}

void set_line_hook(void (*hook)(bool before)) {
  line_hook = hook;
}

}  // namespace millrace::log
