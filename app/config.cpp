// SPDX-License-Identifier: MIT
#include "app/config.h"

#include <filesystem>
#include <optional>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "app/key_table.h"
#include "engine/base/unique_fd.h"

namespace millrace::app {
namespace {

/// No configuration is longer; what is, is some other file.
constexpr size_t longest_file = 1 << 20;

struct File {
  const std::string& name;
  const std::string& folder;
};

std::string place(const File& file, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", file.name, region.begin.line, region.begin.column);
}

std::string_view name_of(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a float";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

std::string_view wanted(ValueKind kind) {
  switch (kind) {
    case ValueKind::count:
      return "an integer";
    case ValueKind::flag:
      return "true or false";
    case ValueKind::rate:
      return "a number, or a string with a ratio";
    case ValueKind::bitrate:
      return "a string with a unit, or an integer of bits a second";
    case ValueKind::bytes:
      return "a string with a unit, or an integer of bytes";
    case ValueKind::keyint:
      return "an integer of frames, or a string with a time";
    default:
      return "a string";
  }
}

/// The node's value as command-line text, where its type suits the key.
std::optional<std::string> text_of(const toml::node& node, ValueKind kind) {
  using enum ValueKind;
  const bool number =
      kind == count || kind == rate || kind == bitrate || kind == bytes || kind == keyint;
  if (kind == flag && node.is_boolean()) return *node.value<bool>() ? "true" : "false";
  if (number && node.is_integer()) return fmt::format("{}", *node.value<int64_t>());
  if (kind == rate && node.is_floating_point()) return fmt::format("{}", *node.value<double>());
  if (kind != count && kind != flag && node.is_string()) return *node.value<std::string>();
  return std::nullopt;
}

Result<> set_leaf(const File& file, const std::string& path, const toml::node& node,
                  Values& values) {
  const std::string origin = place(file, node.source());
  const Key* key = key_at(path);
  if (!key) return fail_unknown_key(path, origin);
  const std::optional<std::string> text = text_of(node, key->kind);
  if (!text) {
    return fail(ErrorKind::usage, fmt::format("{}: {} is {}", origin, path, name_of(node.type())),
                fmt::format("give it {}", wanted(key->kind)));
  }
  return values.set(path, {*text, origin, file.folder});
}

Result<> check_schema(const File& file, const toml::node& node) {
  if (node.value<int64_t>() == 1) return {};
  return fail(ErrorKind::usage,
              fmt::format("{}: schema is not 1, the only one that this version knows",
                          place(file, node.source())),
              "write schema = 1");
}

bool is_table(const std::string& name) {
  const std::string prefix = name + ".";
  for (const Key& key : key_table()) {
    if (key.path.starts_with(prefix)) return true;
  }
  return false;
}

Result<> set_tables(const File& file, const toml::table& root, Values& values);

Result<> set_table(const File& file, const std::string& name, const toml::table& table,
                   Values& values) {
  for (const auto& [key, node] : table) {
    const std::string path = fmt::format("{}.{}", name, key.str());
    // The key's place, not its value's: that is what is wrong with an unknown one.
    if (!key_at(path)) return fail_unknown_key(path, place(file, key.source()));
    MILLRACE_TRY(set_leaf(file, path, node, values));
  }
  return {};
}

Result<> set_tables(const File& file, const toml::table& root, Values& values) {
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    if (name == "schema") {
      MILLRACE_TRY(check_schema(file, node));
    } else if (node.is_table() && is_table(name)) {
      MILLRACE_TRY(set_table(file, name, *node.as_table(), values));
    } else if (const std::string_view full = short_form(name); !full.empty()) {
      MILLRACE_TRY(set_leaf(file, std::string(full), node, values));
    } else if (is_table(name)) {
      return fail(
          ErrorKind::usage,
          fmt::format("{}: {} is {}", place(file, node.source()), name, name_of(node.type())),
          fmt::format("it is a table: write [{}] and its keys below", name));
    } else {
      return fail_unknown_key(name, place(file, key.source()));
    }
  }
  return {};
}

Result<std::string> read_file(const std::string& path) {
  const std::string act = fmt::format("read configuration {}", path);
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_errno(act, errno, "give the path of a TOML file");

  struct stat facts {};

  if (fstat(fd.get(), &facts) < 0) return fail_errno(act, errno);
  if (S_ISDIR(facts.st_mode)) {
    return fail(ErrorKind::usage, act + ": it is a folder", "give the path of a TOML file");
  }
  std::string text(longest_file + 1, '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count = read(fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(act, errno);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  if (filled > longest_file) {
    return fail(ErrorKind::usage, fmt::format("{}: it is longer than 1 MiB", act),
                "give the path of a TOML file");
  }
  text.resize(filled);
  return text;
}

}  // namespace

Result<> parse_config(std::string_view text, const std::string& name, const std::string& folder,
                      Values& values) {
  const File file{name, folder};
  try {
    const toml::table root = toml::parse(text, name);
    return set_tables(file, root, values);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::usage,
                fmt::format("{}: {}", place(file, error.source()), error.description()),
                "correct the TOML; configs/README.md shows the keys");
  }
}

Result<> load_config(const std::string& path, Values& values) {
  const std::string text = MILLRACE_TRY(read_file(path));
  return parse_config(text, path, std::filesystem::path(path).parent_path().string(), values);
}

}  // namespace millrace::app
