// SPDX-License-Identifier: MIT
#include "engine/memory/meta_registry.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/memory/buffer.h"
#include "engine/memory/key_value_meta.h"
#include "engine/memory/region_of_interest_meta.h"

namespace millrace {
namespace {

template <class... M>
std::map<std::string_view, const MetaType*> by_name() {
  return {{M::facts.name, &meta_type<M>}...};
}

Failure is_taken(std::string_view what, std::string_view name) {
  return fail(ErrorKind::usage,
              fmt::format("register the {} \"{}\": the name is taken", what, name),
              "Register each once, under a name of your own.");
}

}  // namespace

MetaRegistry& MetaRegistry::shared() {
  // Never destroyed: metas are read until the very end of the program.
  static auto* const registry = new MetaRegistry;
  return *registry;
}

MetaRegistry::MetaRegistry()
    : types_(by_name<VideoMeta, CropMeta, RegionOfInterestMeta, ReferenceTimestampMeta,
                     ParentBufferMeta, TraceMeta, KeyValueMeta>()),
      tags_{"memory", "memory-reference", "video", "audio", "size", "orientation", "colorspace"} {}

Result<> MetaRegistry::add(const MetaType& type) {
  const Lock lock(mutex_);
  const auto alike = [&](const auto& other) {
    return other.second->facts.api != type.facts.api || other.second->facts.tags == type.facts.tags;
  };
  if (!std::ranges::all_of(types_, alike)) {
    return fail(ErrorKind::usage,
                fmt::format("register the meta \"{}\": the api \"{}\" has other tags",
                            type.facts.name, type.facts.api),
                "Give it the tags of that api, or an api of its own.");
  }
  if (!types_.emplace(type.facts.name, &type).second) return is_taken("meta", type.facts.name);
  return {};
}

const MetaType* MetaRegistry::find(std::string_view name) const {
  const Lock lock(mutex_);
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : found->second;
}

std::vector<const MetaType*> MetaRegistry::of_api(std::string_view api) const {
  const Lock lock(mutex_);
  std::vector<const MetaType*> found;
  for (const auto& [name, type] : types_) {
    if (type->facts.api == api) found.push_back(type);
  }
  return found;
}

std::optional<MetaTags> MetaRegistry::tags_of_api(std::string_view api) const {
  const std::vector<const MetaType*> found = of_api(api);
  return found.empty() ? std::nullopt : std::optional(found.front()->facts.tags);
}

Result<> MetaRegistry::name_tag(MetaTag tag, std::string_view name) {
  const Lock lock(mutex_);
  std::string& old = tags_.at(static_cast<size_t>(tag));
  if (old == name) return {};
  if (!old.empty()) return is_taken("tag", old);
  if (std::ranges::find(tags_, name) != tags_.end()) return is_taken("tag", name);
  old = name;
  return {};
}

std::optional<MetaTag> MetaRegistry::tag_named(std::string_view name) const {
  const Lock lock(mutex_);
  const auto found = std::ranges::find(tags_, name);
  if (found == tags_.end() || name.empty()) return std::nullopt;
  return static_cast<MetaTag>(found - tags_.begin());
}

std::string MetaRegistry::name_of(MetaTag tag) const {
  const Lock lock(mutex_);
  return tags_.at(static_cast<size_t>(tag));
}

}  // namespace millrace
