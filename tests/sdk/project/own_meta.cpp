// SPDX-License-Identifier: MIT
// A meta of one's own: where the lens was focused. It is attached, follows the picture through a
// cut, goes along with copies, and is written as bytes and read again.
#include <cstdio>
#include <vector>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/memory/buffer_copy.h"
#include "engine/memory/meta_serialize.h"

namespace {

using namespace millrace;

struct FocusMeta {
  static constexpr MetaFacts facts{.name = "ExampleFocusMeta",
                                   .api = "ExampleFocus",
                                   .tags = {MetaTag::video, MetaTag::size},
                                   .version = 1};

  Rect area;          ///< of the picture
  double metres = 0;  ///< to what is sharp

  /// Attached only if it says something.
  static Result<> check(const FocusMeta& meta, const Buffer& /*buffer*/) {
    if (meta.metres > 0) return {};
    return fail(ErrorKind::usage, "attach a focus: its distance is not above 0",
                "Leave it away where the lens does not tell.");
  }

  /// The area moves with the picture; where none of it is left, nothing is in focus.
  static std::optional<FocusMeta> transform(const FocusMeta& meta, const MetaTransform& how) {
    const std::optional<Rect> area = transformed(meta.area, how);
    if (!area) return std::nullopt;
    return FocusMeta{*area, meta.metres};
  }

  static Result<> serialize(const FocusMeta& meta, ByteWriter& to) {
    for (const uint32_t side : {meta.area.x, meta.area.y, meta.area.width, meta.area.height}) {
      to.u32(side);
    }
    to.f64(meta.metres);
    return {};
  }

  static Result<FocusMeta> deserialize(ByteReader& from, uint8_t /*version*/) {
    FocusMeta meta;
    meta.area.x = MILLRACE_TRY(from.u32());
    meta.area.y = MILLRACE_TRY(from.u32());
    meta.area.width = MILLRACE_TRY(from.u32());
    meta.area.height = MILLRACE_TRY(from.u32());
    meta.metres = MILLRACE_TRY(from.f64());
    return meta;
  }
};

/// What a stage does that cut `part` out of a picture: `to` gets what still holds there.
Result<> pass_on(const Buffer& from, Buffer& to, const Rect& part) {
  MetaStore* const gets = MILLRACE_TRY(to.edit_metas());
  from.metas().transform_to(*gets, CropTransform{part}, to);
  return {};
}

Result<bool> lives_through_everything() {
  // Only to be read from bytes it must be known by its name.
  MILLRACE_TRY(MetaRegistry::shared().add<FocusMeta>());

  const Ref<Buffer> frame = Buffer::create();
  MILLRACE_TRY(frame->add(FocusMeta{{100, 80, 40, 40}, 2.5}));
  const bool refused = !frame->add(FocusMeta{{0, 0, 1, 1}, -1}).has_value();

  // The frame has two references from here on: metas are read all the same, and copied.
  const Ref<Buffer> another_reader = frame;
  const Ref<Buffer> copy = MILLRACE_TRY(copy_buffer(*frame));
  const bool copied = copy->find<FocusMeta>() && copy->find<FocusMeta>()->metres == 2.5;

  const Ref<Buffer> cut = Buffer::create();
  MILLRACE_TRY(pass_on(*frame, *cut, {100, 100, 320, 180}));
  const bool moved = cut->find<FocusMeta>() && cut->find<FocusMeta>()->area == Rect{0, 0, 40, 20};

  std::vector<std::byte> bytes;
  MILLRACE_TRY(serialize_all(frame->metas(), bytes));
  const Ref<Buffer> elsewhere = Buffer::create();
  MILLRACE_TRY(deserialize(bytes, *elsewhere));
  const bool read = elsewhere->find<FocusMeta>() != nullptr;

  return refused && copied && moved && read;
}

}  // namespace

int main() {
  const auto lives = lives_through_everything();
  if (!lives) {
    std::fprintf(stderr, "error: %s\n", lives.error().what.c_str());
    return 1;
  }
  std::printf("a meta of one's own: %s\n", *lives ? "lives through everything" : "gets lost");
  return *lives ? 0 : 1;
}
