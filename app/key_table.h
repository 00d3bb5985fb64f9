// SPDX-License-Identifier: MIT
// The table of keys: everything that a user can set, once.
//
// The command line, the configuration files, --help, --dry-run and configs/README.md are all made
// from it, so that a key has one name, one unit, one default and one sentence of help everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace millrace::app {

enum class ValueKind : uint8_t {
  text,
  path,  ///< of a file; in a configuration file relative to that file's folder
  source,
  size,
  rate,
  pixel_format,
  duration,
  count,
  bitrate,
  bytes,
  keyint,
  flag,
  choice,
};

enum class Group : uint8_t { source, length, video, output, memory, common };

/// The commands that take an option, as bits.
enum Taken : uint8_t {
  by_record = 1,
  by_run = 2,
  by_graph = 4,
  by_list = 8,
  by_probe = 16,
  by_jobs = by_record | by_run | by_graph,
  by_recorders = by_record | by_run,
  by_all = by_jobs | by_list | by_probe,
};

struct Key {
  std::string_view path;    ///< "source.size"; empty: only an option
  std::string_view option;  ///< "size", without the dashes; empty: only a key
  char letter = 0;          ///< 's' for -s
  ValueKind kind = ValueKind::text;
  std::string_view unit;       ///< what stands for the value in help: "WxH"
  std::string_view fallback;   ///< the built-in value as a user would write it; empty: none
  std::string_view otherwise;  ///< what happens without a value, where there is no fallback
  std::string_view help;
  Group group = Group::common;
  uint8_t taken = by_all;
  std::string_view choices;  ///< of a choice, separated by '|'
  uint64_t least = 0;        ///< of a count
  uint64_t most = 0;
  bool repeatable = false;
};

[[nodiscard]] std::span<const Key> key_table();

/// The entry of a configuration key, or null.
[[nodiscard]] const Key* key_at(std::string_view path);

/// "source" → "source", "encode" → "encode.codec", "output" → "output.path": where a table's name
/// stands for the most important of its keys. Empty for other names.
[[nodiscard]] std::string_view short_form(std::string_view table);

/// Every configuration key, for "did you mean".
[[nodiscard]] std::vector<std::string> key_paths();

/// Fails (`usage`) unless `text` is a value that the key can have.
[[nodiscard]] Result<> check_value(const Key& key, std::string_view text);

}  // namespace millrace::app
