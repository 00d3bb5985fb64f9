// SPDX-License-Identifier: MIT
#include "app/source_spec.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/nearest.h"

namespace millrace::app {
namespace {

const std::array<std::string, 7> kinds = {
    "auto", "test:bars", "file:", "x11:", "monitor:", "region:", "window:"};

Failure refuse(std::string_view text, std::string_view why, std::string remedy) {
  if (remedy.empty()) {
    remedy =
        "choose auto, x11:, monitor:NAME, region:WxH+X+Y, window:ID, test:bars or file:PATH; "
        "millrace list sources shows what is here";
  }
  return fail(ErrorKind::usage, fmt::format("\"{}\" is no source: {}", text.substr(0, 80), why),
              std::move(remedy));
}

Result<SourceSpec::Setting> parameter(std::string_view spec, std::string_view text,
                                      const std::string& known) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return refuse(spec, fmt::format("\"{}\" has no =", text),
                  fmt::format("write a parameter like {}=…", known));
  }
  const std::string_view name = text.substr(0, equals);
  if (name != known) {
    return refuse(spec, fmt::format("unknown parameter \"{}\"", name),
                  did_you_mean(name, std::array{known}));
  }
  return SourceSpec::Setting{known, std::string(text.substr(equals + 1))};
}

/// The parameters behind `rest`'s first semicolon, each after a semicolon of its own.
Result<> add_parameters(SourceSpec& parsed, std::string_view spec, std::string_view rest,
                        const std::string& known) {
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const size_t stop = std::min(rest.find(';'), rest.size());
    parsed.settings.push_back(MILLRACE_TRY(parameter(spec, rest.substr(0, stop), known)));
    rest.remove_prefix(stop);
  }
  return {};
}

Result<SourceSpec> test_pattern(std::string_view spec, std::string_view rest) {
  const std::string_view pattern = rest.substr(0, rest.find(';'));
  if (pattern != "bars") {
    return refuse(spec, fmt::format("unknown test picture \"{}\"", pattern),
                  "the test picture is test:bars");
  }
  SourceSpec parsed{{{"kind", "test"}, {"id", "bars"}}};
  MILLRACE_TRY(add_parameters(parsed, spec, rest, "stride"));
  return parsed;
}

/// "x11:", "x11::1", "monitor:HDMI-1;display=:1"
Result<SourceSpec> desktop(std::string_view spec, std::string_view kind, std::string_view rest) {
  const std::string id(rest.substr(0, rest.find(';')));
  SourceSpec parsed{{{"kind", std::string(kind)}}};
  if (kind != "x11") {
    if (id.empty()) {
      return refuse(spec, "it does not say which",
                    "millrace list sources shows monitors and windows");
    }
    parsed.settings.push_back({"id", id});
  } else if (!id.empty()) {
    parsed.settings.push_back({"display", id});
  }
  MILLRACE_TRY(add_parameters(parsed, spec, rest, "display"));
  return parsed;
}

}  // namespace

bool is_desktop_kind(std::string_view kind) {
  return kind == "x11" || kind == "monitor" || kind == "region" || kind == "window";
}

Result<SourceSpec> parse_source_spec(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return refuse("", "it has a zero byte in it", {});
  if (text == "auto") return SourceSpec{{{"kind", "auto"}}};
  const size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (colon != std::string_view::npos && kind == "test") return test_pattern(text, rest);
  if (colon != std::string_view::npos && is_desktop_kind(kind)) return desktop(text, kind, rest);
  if (colon != std::string_view::npos && kind == "file") {
    if (rest.empty()) return refuse(text, "the path is missing", "write it like file:clip.mkv");
    return SourceSpec{{{"kind", "file"}, {"id", std::string(rest)}}};
  }
  return refuse(text, "its kind is unknown", did_you_mean(text, kinds));
}

}  // namespace millrace::app
