// SPDX-License-Identifier: MIT
// MetaType: what the engine knows of a kind of meta without knowing its struct.
//
// Made from the struct by the compiler: meta_type<CropMeta>. Every library may have a copy of its
// own, so types are compared with ==, never by address. A library that has attached metas is not
// unloaded before they are gone.
#pragma once

#include <new>
#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "engine/memory/meta.h"
#include "engine/memory/meta_transform.h"

namespace millrace {

/// Places of the metas that lie inline in every buffer; others have none.
template <class M>
inline constexpr int meta_place = -1;

/// True for a meta that is looked through before it is attached: it is replaced, not edited.
template <class M>
inline constexpr bool is_checked_meta = requires {
  &M::check;
};

/// What its holder may do with an attached meta.
template <class M>
using Attached = std::conditional_t<is_checked_meta<M>, const M, M>;

/// Functions of one meta, its address taken from `void*`. Null where the struct has no such thing.
struct MetaType {
  MetaFacts facts;
  const std::type_info* id;
  size_t size;
  int place;

  void (*destroy)(void* meta) noexcept;
  void (*move)(void* to_storage, void* from);
  void (*copy)(void* to_storage, const void* from);
  void (*assign)(void* to, const void* from);

  Result<> (*check)(const void* meta, const Buffer& buffer);
  bool (*transform)(const void* meta, const MetaTransform& how, void* to_storage);
  bool (*same)(const void* a, const void* b);
  bool (*precedes)(const void* a, const void* b);
  void (*clear)(void* meta);
  Result<> (*serialize)(const void* meta, ByteWriter& to);
  Result<> (*deserialize)(ByteReader& from, uint8_t version, void* to_storage);

  friend bool operator==(const MetaType& a, const MetaType& b) {
    return &a == &b || *a.id == *b.id;
  }
};

template <class M>
struct MetaFunctions {
  static const M& of(const void* meta) { return *static_cast<const M*>(meta); }

  static M& of(void* meta) { return *static_cast<M*>(meta); }

  static void destroy(void* meta) noexcept { of(meta).~M(); }

  static void move(void* to, void* from) { new (to) M(std::move(of(from))); }

  static void copy(void* to, const void* from) { new (to) M(of(from)); }

  static void assign(void* to, const void* from) { of(to) = of(from); }

  static Result<> check(const void* meta, const Buffer& buffer) {
    return M::check(of(meta), buffer);
  }

  static bool transform(const void* meta, const MetaTransform& how, void* to) {
    std::optional<M> changed = M::transform(of(meta), how);
    if (changed) new (to) M(std::move(*changed));
    return changed.has_value();
  }

  static bool same(const void* a, const void* b) { return M::same(of(a), of(b)); }

  static bool precedes(const void* a, const void* b) { return M::precedes(of(a), of(b)); }

  static void clear(void* meta) { M::clear(of(meta)); }

  static Result<> serialize(const void* meta, ByteWriter& to) { return M::serialize(of(meta), to); }

  static Result<> deserialize(ByteReader& from, uint8_t version, void* to) {
    Result<M> meta = M::deserialize(from, version);
    if (!meta) return fail(std::move(meta.error()));
    new (to) M(meta.take());
    return {};
  }
};

template <Meta M>
constexpr MetaType describe_meta() {
  using F = MetaFunctions<M>;
  MetaType type{M::facts, &typeid(M), sizeof(M), meta_place<M>, F::destroy,
                F::move,  F::copy,    F::assign, nullptr,       nullptr,
                nullptr,  nullptr,    nullptr,   nullptr,       nullptr};
  if constexpr (is_checked_meta<M>) type.check = F::check;
  if constexpr (requires { &M::transform; }) type.transform = F::transform;
  if constexpr (requires { &M::same; }) type.same = F::same;
  if constexpr (requires { &M::precedes; }) type.precedes = F::precedes;
  if constexpr (requires { &M::clear; }) type.clear = F::clear;
  if constexpr (requires { &M::serialize; }) type.serialize = F::serialize;
  if constexpr (requires { &M::deserialize; }) type.deserialize = F::deserialize;
  return type;
}

template <Meta M>
inline constexpr MetaType meta_type = describe_meta<M>();

}  // namespace millrace
