// SPDX-License-Identifier: MIT
// MetaView: one meta of a buffer, of whatever kind. MetaRange: some of them, the oldest first.
//
//   for (const MetaView& meta : buffer->metas().all()) print(meta.type().facts.name);
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/export.h"
#include "engine/memory/meta_type.h"

namespace millrace {

class MetaItems;

/// Borrowed: as long as the buffer's metas stay as they are.
class MetaView {
 public:
  MetaView(const MetaType& type, const void* value, uint64_t id, MetaFlags flags)
      : type_(&type), value_(value), id_(id), flags_(flags) {}

  [[nodiscard]] const MetaType& type() const { return *type_; }

  /// Its own for as long as it is there; a meta that is added has a higher one than those before.
  [[nodiscard]] uint64_t id() const { return id_; }

  [[nodiscard]] MetaFlags flags() const { return flags_; }

  [[nodiscard]] const void* value() const { return value_; }

  /// Null when it is of another type.
  template <Meta M>
  [[nodiscard]] const M* as() const {
    return *type_ == meta_type<M> ? static_cast<const M*>(value_) : nullptr;
  }

 private:
  const MetaType* type_;
  const void* value_;
  uint64_t id_;
  MetaFlags flags_;
};

class MILLRACE_API MetaRange {
 public:
  MetaRange(const MetaItems& items, std::string_view api) : items_(&items), api_(api) {}

  class MILLRACE_API Iterator {
   public:
    Iterator() = default;
    explicit Iterator(const MetaRange& range);

    const MetaView& operator*() const { return *meta_; }

    const MetaView* operator->() const { return &*meta_; }

    Iterator& operator++();

    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.meta_.has_value() == b.meta_.has_value();
    }

   private:
    void go_on(uint64_t least_id);

    const MetaItems* items_ = nullptr;
    std::string_view api_;
    std::optional<MetaView> meta_;
  };

  [[nodiscard]] Iterator begin() const { return Iterator(*this); }

  [[nodiscard]] Iterator end() const { return {}; }

 private:
  const MetaItems* items_;
  std::string_view api_;  ///< empty: of every one
};

}  // namespace millrace
