// SPDX-License-Identifier: MIT
// A Rect in the serialized form of a meta.
#pragma once

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/result.h"
#include "engine/format/rect.h"

namespace millrace {

inline void write_rect(const Rect& rect, ByteWriter& to) {
  for (const uint32_t number : {rect.x, rect.y, rect.width, rect.height}) to.u32(number);
}

[[nodiscard]] inline Result<Rect> read_rect(ByteReader& from) {
  Rect rect;
  rect.x = MILLRACE_TRY(from.u32());
  rect.y = MILLRACE_TRY(from.u32());
  rect.width = MILLRACE_TRY(from.u32());
  rect.height = MILLRACE_TRY(from.u32());
  return rect;
}

}  // namespace millrace
