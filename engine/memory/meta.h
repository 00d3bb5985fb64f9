// SPDX-License-Identifier: MIT
// Meta: a typed fact that travels with a buffer.
//
// A meta is a plain struct, copyable, that says what it is; its constructor and destructor are all
// that makes and frees it:
//
//   struct LensMeta {
//     static constexpr MetaFacts facts{.name = "LensMeta", .api = "Lens"};
//     float focal_length = 0;
//   };
//
// What else it can do are static functions of these names, each of which may be missing:
//
//   Result<> check(const M&, const Buffer&)              whether it may be attached there
//   optional<M> transform(const M&, const MetaTransform&)  what a changed buffer gets; or nothing
//   bool same(const M&, const M&)                        two are one: the second is not added
//   bool precedes(const M&, const M&)                    whether `find` gives the first of the two
//   void clear(M&)                                       when a pool takes its buffer back
//   Result<> serialize(const M&, ByteWriter&)            as bytes; and, to read them again:
//   Result<M> deserialize(ByteReader&, uint8_t version)  of `facts.version` or an older one
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace {

class Buffer;
class ByteReader;
class ByteWriter;

/// What a meta speaks of, so that whoever changes that knows which metas no longer hold.
enum class MetaTag : uint8_t {
  memory,            ///< how the bytes lie; false as soon as they lie otherwise
  memory_reference,  ///< what these very bytes are, or belong to; false of a copy
  video,
  audio,
  size,         ///< numbers in pixels
  orientation,  ///< which way is up
  colorspace,
};

inline constexpr unsigned own_meta_tags = 7;
inline constexpr unsigned user_meta_tags = 57;

/// A tag of a user's own, number 0 to 56; MetaRegistry::name_tag finds out who else has it.
[[nodiscard]] consteval MetaTag user_meta_tag(unsigned number) {
  if (number >= user_meta_tags) throw "there are 57 tags for users";
  return static_cast<MetaTag>(own_meta_tags + number);
}

class MetaTags {
 public:
  constexpr MetaTags() = default;

  constexpr MetaTags(std::initializer_list<MetaTag> tags) {
    for (const MetaTag tag : tags) bits_ |= bit(tag);
  }

  [[nodiscard]] constexpr bool has(MetaTag tag) const { return (bits_ & bit(tag)) != 0; }

  /// Whether there is no tag but those of `others`.
  [[nodiscard]] constexpr bool within(MetaTags others) const {
    return (bits_ & ~others.bits_) == 0;
  }

  friend constexpr bool operator==(MetaTags, MetaTags) = default;

 private:
  static constexpr uint64_t bit(MetaTag tag) { return uint64_t{1} << static_cast<unsigned>(tag); }

  uint64_t bits_ = 0;
};

/// Literals: they live as long as the program.
struct MetaFacts {
  std::string_view name;  ///< of this struct
  std::string_view api;   ///< of what it is about; several structs may be about the same
  MetaTags tags{};
  uint8_t version = 0;  ///< of what `serialize` writes
};

struct MetaFlags {
  bool read_only = false;  ///< nobody edits it
  bool pooled = false;     ///< the pool's: it is there, as it was, whenever the buffer is lent
  bool locked = false;     ///< nobody removes it
  friend bool operator==(const MetaFlags&, const MetaFlags&) = default;
};

template <class M>
concept Meta =
    std::copy_constructible<M> && std::is_copy_assignable_v<M> && alignof(M) <= 16 && requires {
  { M::facts } -> std::convertible_to<MetaFacts>;
};

}  // namespace millrace
