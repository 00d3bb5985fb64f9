// SPDX-License-Identifier: MIT
#include "engine/memory/key_values.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace {
namespace {

struct ValueWriter {
  ByteWriter& to;

  void operator()(bool value) const { to.flag(value); }

  void operator()(int64_t value) const { to.i64(value); }

  void operator()(double value) const { to.f64(value); }

  void operator()(const std::string& value) const { to.text(value); }
};

Result<MetaValue> read_value(ByteReader& from) {
  switch (const uint8_t kind = MILLRACE_TRY(from.u8())) {
    case 0:
      return MetaValue(MILLRACE_TRY(from.flag()));
    case 1:
      return MetaValue(MILLRACE_TRY(from.i64()));
    case 2:
      return MetaValue(MILLRACE_TRY(from.f64()));
    case 3:
      return MetaValue(MILLRACE_TRY(from.text()));
    default:
      return fail(ErrorKind::usage, fmt::format("read a value of kind {}: there is none", kind),
                  "Read it with the version that wrote it.");
  }
}

/// By sorting: whoever sends many must not make us compare each with each.
std::optional<std::string_view> name_that_comes_twice(const std::vector<KeyValues::Entry>& all) {
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (const KeyValues::Entry& entry : all) names.emplace_back(entry.first);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  return twice == names.end() ? std::nullopt : std::optional(*twice);
}

}  // namespace

void KeyValues::set(std::string_view name, MetaValue value) {
  const auto found = std::ranges::find(entries_, name, &Entry::first);
  if (found == entries_.end()) {
    entries_.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

const MetaValue* KeyValues::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::first);
  return found == entries_.end() ? nullptr : &found->second;
}

bool KeyValues::remove(std::string_view name) {
  return std::erase_if(entries_, [&](const Entry& entry) { return entry.first == name; }) != 0;
}

void KeyValues::write(ByteWriter& to) const {
  to.u64(entries_.size());
  for (const Entry& entry : entries_) {
    to.text(entry.first);
    to.u8(static_cast<uint8_t>(entry.second.index()));
    std::visit(ValueWriter{to}, entry.second);
  }
}

Result<KeyValues> KeyValues::read(ByteReader& from) {
  const uint64_t count = MILLRACE_TRY(from.u64());
  KeyValues read;
  // Each takes bytes, so a count that lies ends at the end of them.
  for (uint64_t index = 0; index < count; ++index) {
    std::string name = MILLRACE_TRY(from.text());
    read.entries_.emplace_back(std::move(name), MILLRACE_TRY(read_value(from)));
  }
  if (const auto name = name_that_comes_twice(read.entries_)) {
    return fail(ErrorKind::usage, fmt::format("read values: \"{}\" comes twice", *name),
                "Give what was written.");
  }
  return read;
}

}  // namespace millrace
