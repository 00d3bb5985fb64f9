// SPDX-License-Identifier: MIT
// Values: what every key is set to, as text, and where that came from. Layers are laid one over the
// other in the order of precedence; the last one to set a key wins.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace millrace::app {

struct Value {
  std::string text;    ///< as a user would write it on the command line
  std::string origin;  ///< "built-in", "record.toml:3:8", "--set source.size", "--size"
  std::string folder;  ///< that a relative path starts from; empty: the current one
};

class Values {
 public:
  /// The fallbacks of the table of keys.
  [[nodiscard]] static Values built_in();

  /// Sets a key after a check of its value. The short form `source` sets the keys that it stands
  /// for, and takes back those of the source that it replaces. Errors: `usage`, with the origin.
  [[nodiscard]] Result<> set(std::string_view path, Value value);

  /// "a.b=v", from --set.
  [[nodiscard]] Result<> set_pair(std::string_view pair);

  /// Takes a key back to "not set".
  void clear(std::string_view path);

  [[nodiscard]] const Value* find(std::string_view path) const;

  /// The settings in force, in the order of the table: as TOML with the origins in comments, or as
  /// a JSON object with an array `settings` of {key, value, origin}.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string json() const;

 private:
  Result<> set_source(const Value& value);

  std::map<std::string, Value, std::less<>> values_;
};

/// An `Error` about a value, with its origin and key in front: `--size: "0x0" is not a size: …`.
[[nodiscard]] Failure fail_value(std::string_view path, const Value& value, Error error);

/// The error of a key that does not exist, with the nearest that does.
[[nodiscard]] Failure fail_unknown_key(std::string_view path, std::string_view origin);

}  // namespace millrace::app
