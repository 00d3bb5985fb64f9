// SPDX-License-Identifier: MIT
// KeyValues: named values in the order in which they were first set, as metas carry them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <variant>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace {

using MetaValue = std::variant<bool, int64_t, double, std::string>;

class MILLRACE_API KeyValues {
 public:
  using Entry = std::pair<std::string, MetaValue>;

  KeyValues() = default;

  KeyValues(std::initializer_list<Entry> entries) {
    for (const auto& [name, value] : entries) set(name, value);
  }

  /// In place of the value of this name, or one more.
  void set(std::string_view name, MetaValue value);

  /// The value, if there is one of this name and type: find<int64_t>("width").
  template <class T>
  [[nodiscard]] std::optional<T> find(std::string_view name) const {
    const MetaValue* const value = find(name);
    const T* const typed = value ? std::get_if<T>(value) : nullptr;
    return typed ? std::optional<T>(*typed) : std::nullopt;
  }

  /// Of whatever type, or null.
  [[nodiscard]] const MetaValue* find(std::string_view name) const;

  /// False when there is none of this name.
  bool remove(std::string_view name);

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  friend bool operator==(const KeyValues&, const KeyValues&) = default;

  void write(ByteWriter& to) const;

  /// What `write` wrote. Errors: bytes that it would not have written.
  [[nodiscard]] static Result<KeyValues> read(ByteReader& from);

 private:
  std::vector<Entry> entries_;
};

}  // namespace millrace
