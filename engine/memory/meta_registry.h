// SPDX-License-Identifier: MIT
// MetaRegistry: the kinds of metas by their names, for whoever reads them from bytes or lists them.
// To attach a meta it need not be registered.
//
// The engine's own are there from the start. What is registered stays for the life of the program,
// and so does the library that it is from. Thread-safe.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/memory/meta_type.h"

namespace millrace {

class MILLRACE_API MetaRegistry {
 public:
  /// The one that everybody uses.
  [[nodiscard]] static MetaRegistry& shared();

  /// With the engine's own metas.
  MetaRegistry();

  /// Errors: `usage` for a name that is taken, and for other tags than those that the api has.
  template <Meta M>
  Result<> add() {
    return add(meta_type<M>);
  }

  Result<> add(const MetaType& type);

  /// Null for a name that nobody registered.
  [[nodiscard]] const MetaType* find(std::string_view name) const;

  /// In the order of their names.
  [[nodiscard]] std::vector<const MetaType*> of_api(std::string_view api) const;

  /// What metas of the api speak of; nothing for an api that nobody registered.
  [[nodiscard]] std::optional<MetaTags> tags_of_api(std::string_view api) const;

  /// Says whose a user's tag is. Errors: `usage` where it, or the name, is another's already.
  Result<> name_tag(MetaTag tag, std::string_view name);

  [[nodiscard]] std::optional<MetaTag> tag_named(std::string_view name) const;

  /// Empty for one without a name.
  [[nodiscard]] std::string name_of(MetaTag tag) const;

 private:
  mutable Mutex mutex_;
  std::map<std::string_view, const MetaType*> types_ MILLRACE_GUARDED_BY(mutex_);
  std::array<std::string, own_meta_tags + user_meta_tags> tags_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace
