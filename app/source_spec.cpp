// SPDX-License-Identifier: MIT
#include "app/source_spec.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/nearest.h"

namespace millrace::app {
namespace {

const std::array<std::string, 3> kinds = {"auto", "test:bars", "file:"};
const std::array<std::string, 1> parameters = {"stride"};

Failure refuse(std::string_view text, std::string_view why, std::string remedy) {
  if (remedy.empty()) remedy = "choose auto, test:bars, test:bars;stride=N or file:PATH";
  return fail(ErrorKind::usage, fmt::format("\"{}\" is no source: {}", text.substr(0, 80), why),
              std::move(remedy));
}

Result<SourceSpec::Setting> parameter(std::string_view spec, std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return refuse(spec, fmt::format("\"{}\" has no =", text), "write a parameter like stride=2048");
  }
  const std::string_view name = text.substr(0, equals);
  if (std::ranges::find(parameters, name) == parameters.end()) {
    return refuse(spec, fmt::format("unknown parameter \"{}\"", name),
                  did_you_mean(name, parameters));
  }
  return SourceSpec::Setting{std::string(name), std::string(text.substr(equals + 1))};
}

Result<SourceSpec> test_pattern(std::string_view spec, std::string_view rest) {
  const size_t end = std::min(rest.find(';'), rest.size());
  const std::string_view pattern = rest.substr(0, end);
  if (pattern != "bars") {
    return refuse(spec, fmt::format("unknown test picture \"{}\"", pattern),
                  "the test picture is test:bars");
  }
  SourceSpec parsed{{{"kind", "test"}, {"id", "bars"}}};
  rest.remove_prefix(end);
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the semicolon
    const size_t stop = std::min(rest.find(';'), rest.size());
    parsed.settings.push_back(MILLRACE_TRY(parameter(spec, rest.substr(0, stop))));
    rest.remove_prefix(stop);
  }
  return parsed;
}

}  // namespace

Result<SourceSpec> parse_source_spec(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return refuse("", "it has a zero byte in it", {});
  if (text == "auto") return SourceSpec{{{"kind", "auto"}}};
  const size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (colon != std::string_view::npos && kind == "test") return test_pattern(text, rest);
  if (colon != std::string_view::npos && kind == "file") {
    if (rest.empty()) return refuse(text, "the path is missing", "write it like file:clip.mkv");
    return SourceSpec{{{"kind", "file"}, {"id", std::string(rest)}}};
  }
  return refuse(text, "its kind is unknown", did_you_mean(text, kinds));
}

}  // namespace millrace::app
