// SPDX-License-Identifier: MIT
// VideoMeta as bytes. Formats go by their names, which mean the same in every version.
#include <fmt/format.h>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/memory/video_meta.h"

namespace millrace {
namespace {

void write_layout(const Layout& layout, ByteWriter& to) {
  to.text(to_string(layout.format));
  to.u64(static_cast<uint64_t>(layout.modifier));
  to.u16(layout.left);
  to.u16(layout.top);
  to.u32(layout.coded_width);
  to.u32(layout.coded_height);
  to.u64(layout.size);
  for (const PlaneLayout& plane : layout.planes()) {
    to.u64(plane.offset);
    to.u32(plane.stride);
    to.u32(plane.rows);
  }
}

Result<PixelFormat> read_format(ByteReader& from) {
  const std::string name = MILLRACE_TRY(from.text());
  const auto format = pixel_format_named(name);
  // Written is one name of each; people may have other ones.
  if (format && to_string(*format) == name) return *format;
  return fail(ErrorKind::usage,
              fmt::format("read a VideoMeta: there is no pixel format \"{}\"", name),
              "Read it with the version that wrote it.");
}

Result<PlaneLayout> read_plane(ByteReader& from) {
  PlaneLayout plane;
  plane.offset = MILLRACE_TRY(from.u64());
  plane.stride = MILLRACE_TRY(from.u32());
  plane.rows = MILLRACE_TRY(from.u32());
  return plane;
}

Result<Layout> read_layout(ByteReader& from) {
  Layout layout;
  layout.format = MILLRACE_TRY(read_format(from));
  layout.modifier = static_cast<Modifier>(MILLRACE_TRY(from.u64()));
  layout.left = MILLRACE_TRY(from.u16());
  layout.top = MILLRACE_TRY(from.u16());
  layout.coded_width = MILLRACE_TRY(from.u32());
  layout.coded_height = MILLRACE_TRY(from.u32());
  layout.size = MILLRACE_TRY(from.u64());
  for (size_t index = 0; index < layout.plane_count(); ++index) {
    layout.plane[index] = MILLRACE_TRY(read_plane(from));
  }
  return layout;
}

}  // namespace

Result<> VideoMeta::serialize(const VideoMeta& meta, ByteWriter& to) {
  to.u32(meta.width);
  to.u32(meta.height);
  to.u32(meta.id);
  for (const uint8_t memory : meta.memory) to.u8(memory);
  write_layout(meta.layout, to);
  return {};
}

Result<VideoMeta> VideoMeta::deserialize(ByteReader& from, uint8_t /*version*/) {
  VideoMeta meta;
  meta.width = MILLRACE_TRY(from.u32());
  meta.height = MILLRACE_TRY(from.u32());
  meta.id = MILLRACE_TRY(from.u32());
  for (uint8_t& memory : meta.memory) memory = MILLRACE_TRY(from.u8());
  meta.layout = MILLRACE_TRY(read_layout(from));
  return meta;
}

}  // namespace millrace
