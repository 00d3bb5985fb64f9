// SPDX-License-Identifier: MIT
#include "app/values.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/key_table.h"
#include "app/nearest.h"
#include "app/source_spec.h"

namespace millrace::app {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// As TOML writes it: its basic strings know the escapes of JSON's, and want DEL escaped too.
std::string literal(const Key& key, const std::string& text) {
  if (key.kind == ValueKind::flag || key.kind == ValueKind::count) return text;
  std::string quoted;
  for (const char c : dumped(Json(text))) {
    if (c == 0x7f) {
      quoted += "\\u007F";
    } else {
      quoted += c;
    }
  }
  return quoted;
}

/// Fit for a comment of one line.
std::string comment(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

/// "size" → "did you mean source.size?": a key that stands in another table than its own.
std::string in_its_table(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('.') + 1);
  for (const std::string& known : key_paths()) {
    if (known.ends_with(fmt::format(".{}", name))) return fmt::format("did you mean {}?", known);
  }
  return {};
}

std::string shown(std::string_view path, const Value& value) {
  const Key* key = key_at(path);
  const bool own_option = key && value.origin == fmt::format("--{}", key->option);
  if (own_option) return value.origin;
  return fmt::format("{}: {}", value.origin, path);
}

}  // namespace

Failure fail_value(std::string_view path, const Value& value, Error error) {
  return fail(error.while_doing(shown(path, value)));
}

Failure fail_unknown_key(std::string_view path, std::string_view origin) {
  std::string remedy = in_its_table(path);
  if (remedy.empty()) remedy = did_you_mean(path, key_paths());
  if (remedy.empty()) remedy = "millrace run --help lists the keys, and configs/README.md";
  return fail(ErrorKind::usage, fmt::format("{}: unknown key {}", origin, path), std::move(remedy));
}

Values Values::built_in() {
  Values values;
  for (const Key& key : key_table()) {
    if (key.path.empty() || key.fallback.empty()) continue;
    const Value value{std::string(key.fallback), "built-in", {}};
    if (key.kind == ValueKind::source) {
      values.values_["source.kind"] = value;
    } else {
      values.values_[std::string(key.path)] = value;
    }
  }
  return values;
}

Result<> Values::set(std::string_view path, Value value) {
  const Key* key = key_at(path);
  if (!key) return fail_unknown_key(path, value.origin);
  if (const Result<> checked = check_value(*key, value.text); !checked) {
    return fail_value(path, value, checked.error());
  }
  if (key->kind == ValueKind::source) return set_source(value);
  values_[std::string(path)] = std::move(value);
  return {};
}

Result<> Values::set_source(const Value& value) {
  const SourceSpec spec = MILLRACE_TRY(parse_source_spec(value.text));
  clear("source.id");
  clear("source.stride");
  clear("source.display");
  for (const SourceSpec::Setting& setting : spec.settings) {
    MILLRACE_TRY(set("source." + setting.key, {setting.value, value.origin, value.folder}));
  }
  return {};
}

Result<> Values::set_pair(std::string_view pair) {
  const size_t equals = pair.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return fail(ErrorKind::usage, fmt::format("--set: \"{}\" is not KEY=VALUE", pair.substr(0, 80)),
                "write it like --set encode.qp=20");
  }
  std::string_view path = pair.substr(0, equals);
  if (const std::string_view full = short_form(path); !full.empty()) path = full;
  return set(path, {std::string(pair.substr(equals + 1)), "--set", {}});
}

void Values::clear(std::string_view path) {
  if (const auto found = values_.find(path); found != values_.end()) values_.erase(found);
}

const Value* Values::find(std::string_view path) const {
  const auto found = values_.find(path);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Values::text() const {
  std::string out = "# The settings in force, and where each comes from.\nschema = 1\n";
  for (const Key& key : key_table()) {
    const Value* value = find(key.path);
    if (!value) continue;
    const std::string line = fmt::format("{} = {}", key.path, literal(key, value->text));
    out += fmt::format("{:<46} # {}\n", line, comment(value->origin));
  }
  return out;
}

std::string Values::json() const {
  Json list = Json::array();
  for (const Key& key : key_table()) {
    const Value* value = find(key.path);
    if (!value) continue;
    list.push_back({{"key", key.path}, {"value", value->text}, {"origin", value->origin}});
  }
  const Json settings = {{"v", 1}, {"type", "settings"}, {"settings", std::move(list)}};
  return dumped(settings, 2) + "\n";
}

}  // namespace millrace::app
