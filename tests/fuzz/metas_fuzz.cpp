// SPDX-License-Identifier: MIT
// Any bytes read as metas: attached or refused with a reason, never more read than there is; what
// was attached holds for its buffer, survives being written and read again, and every transform.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/memory/buffer.h"
#include "engine/memory/meta_serialize.h"
#include "engine/memory/system_allocator.h"

using namespace millrace;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

Ref<Buffer> small_buffer() {
  SystemAllocator allocator;
  return Buffer::create(allocator.allocate(4096, {}).take()).take();
}

/// What was read is written as it was: there is no other way to say it.
void check_same_bytes(std::span<const std::byte> one) {
  const Ref<Buffer> buffer = small_buffer();
  const Result<ReadMeta> read = deserialize(one, *buffer);
  require(read && !read->refused);
  std::vector<std::byte> written;
  require(serialize_all(buffer->metas(), written).value() == 1);
  require(std::ranges::equal(one, written));
}

/// Attaches what the bytes hold, up to the first that is no meta.
Ref<Buffer> read_all(std::span<const std::byte> from) {
  Ref<Buffer> buffer = small_buffer();
  while (!from.empty()) {
    const Result<ReadMeta> read = deserialize(from, *buffer);
    if (!read) {
      require(!read.error().what.empty() && !read.error().remedy.empty());
      break;
    }
    require(read->consumed >= 10 && read->consumed <= from.size());
    if (read->refused) {
      require(!read->refused->what.empty());
    } else {
      check_same_bytes(from.first(read->consumed));
    }
    from = from.subspan(read->consumed);
  }
  return buffer;
}

/// Numbers that are not a number are not equal to themselves, so bytes are compared.
void check_round_trip(const Buffer& buffer) {
  std::vector<std::byte> once;
  require(serialize_all(buffer.metas(), once).has_value());
  const Ref<Buffer> again = read_all(once);
  require(again->metas().count() == buffer.metas().count());
  std::vector<std::byte> twice;
  require(serialize_all(again->metas(), twice).has_value());
  require(once == twice);
}

void check_planes(const Buffer& buffer) {
  for (const MetaView& meta : buffer.metas().all()) {
    const auto* const video = meta.as<VideoMeta>();
    if (!video) continue;
    for (size_t index = 0; index < video->layout.plane_count(); ++index) {
      const VideoPlane plane = video->plane(index);
      require(plane.memory == 0 && plane.offset <= 4096 && plane.extent <= 4096 - plane.offset);
      require(video->plane_size(index) <= 4096 && video->layout.size <= 4096);
    }
  }
}

void require_inside(const Rect& rect, uint64_t width, uint64_t height) {
  require(rect.width > 0 && rect.height > 0);
  require(uint64_t{rect.x} + rect.width <= width && uint64_t{rect.y} + rect.height <= height);
}

void check_transforms(const Buffer& buffer) {
  const Rect part{3, 5, 100, 50};
  const Matrix3 quarter{{{{0, -1.5, 70}, {0.25, 0, 0}, {0, 0, 1}}}};
  for (const MetaTransform& how :
       {MetaTransform(CropTransform{part}), MetaTransform(MatrixTransform{quarter, part, part}),
        MetaTransform(ScaleTransform{7, 0, 0xffffffff, 3})}) {
    const Ref<Buffer> to = Buffer::create();
    buffer.metas().transform_to(*to->edit_metas().value(), how, *to);
    if (std::holds_alternative<CropTransform>(how) && to->crop()) {
      require_inside(to->crop()->rect(), part.width, part.height);
    }
    require(to->video() == nullptr);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Ref<Buffer> buffer = read_all(std::as_bytes(std::span(data, size)));
  check_planes(*buffer);
  check_round_trip(*buffer);
  check_transforms(*buffer);
  return 0;
}
