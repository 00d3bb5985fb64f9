// SPDX-License-Identifier: MIT
// Metas of a user's own, and questions about a buffer's metas, for the tests of engine/memory.
#pragma once

#include <string>
#include <vector>

#include "engine/memory/key_value_meta.h"
#include "tests/engine/memory/buffers.h"

namespace millrace {

/// Times that go through copies unchanged.
struct TimesMeta {
  static constexpr MetaFacts facts{.name = "TimesMeta", .api = "Times", .tags = {}, .version = 0};

  int64_t pts = 0;
  int64_t dts = 0;
  int64_t duration = 0;
  int64_t rate = 0;
  friend bool operator==(const TimesMeta&, const TimesMeta&) = default;

  static std::optional<TimesMeta> transform(const TimesMeta& meta, const MetaTransform& /*how*/) {
    return meta;
  }
};

/// A second struct, which says nothing of transforms.
struct FooMeta {
  static constexpr MetaFacts facts{.name = "FooMeta", .api = "Foo", .tags = {}, .version = 0};

  int number = 0;
};

/// Another way to say Foo.
struct OtherFooMeta {
  static constexpr MetaFacts facts{.name = "OtherFooMeta", .api = "Foo", .tags = {}, .version = 0};

  std::string text;
};

/// Counts how many of it there are.
struct CountedMeta {
  static constexpr MetaFacts facts{
      .name = "CountedMeta", .api = "Counted", .tags = {MetaTag::audio}, .version = 0};

  static inline int alive = 0;

  CountedMeta() { ++alive; }

  CountedMeta(const CountedMeta& other) : number(other.number) { ++alive; }

  CountedMeta& operator=(const CountedMeta&) = default;

  ~CountedMeta() { --alive; }

  int number = 0;

  static std::optional<CountedMeta> transform(const CountedMeta& meta,
                                              const MetaTransform& /*how*/) {
    return meta;
  }
};

/// Says how the bytes lie, and nothing of a picture.
struct LyingMeta {
  static constexpr MetaFacts facts{
      .name = "LyingMeta", .api = "Lying", .tags = {MetaTag::memory}, .version = 0};

  static std::optional<LyingMeta> transform(const LyingMeta& meta, const MetaTransform& /*how*/) {
    return meta;
  }
};

inline std::vector<std::string> names_of(const MetaRange& range) {
  std::vector<std::string> names;
  for (const MetaView& meta : range) names.emplace_back(meta.type().facts.name);
  return names;
}

inline std::vector<std::string> names_of(const Buffer& buffer) {
  return names_of(buffer.metas().all());
}

/// NV12 without padding.
inline VideoMeta nv12(uint32_t width, uint32_t height) {
  return {width, height, tight_layout(PixelFormat::nv12, width, height).take()};
}

}  // namespace millrace
