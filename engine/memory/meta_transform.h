// SPDX-License-Identifier: MIT
// MetaTransform: what happened between the buffer that has a meta and the one that shall get it.
//
// A meta's own `transform` looks at the kinds that it understands (std::get_if) and answers with
// what the new buffer gets. A kind that it does not know means that it no longer holds: nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <variant>

#include "engine/base/export.h"
#include "engine/format/matrix.h"
#include "engine/format/rect.h"

namespace millrace {

/// The same picture in another buffer.
struct CopyTransform {
  bool region = false;  ///< only bytes [offset, offset + size) of it
  size_t offset = 0;
  size_t size = 0;
  bool memory = true;  ///< the bytes came along at all
  bool deep = false;   ///< the bytes were copied
  bool merge = false;  ///< the memories became one
};

/// A part of the picture became the whole.
struct CropTransform {
  Rect part;
};

/// The whole picture in another size. Sides are at least 1.
struct ScaleTransform {
  uint32_t from_width = 1;
  uint32_t from_height = 1;
  uint32_t to_width = 1;
  uint32_t to_height = 1;
};

/// The part `from` of the picture became, by `matrix`, the part `to` of the new one.
struct MatrixTransform {
  Matrix3 matrix;
  Rect from;
  Rect to;
};

/// What a user's stage did; metas that know the name look at the data, which lives for the call.
struct UserTransform {
  std::string_view name;
  const void* data = nullptr;
};

using MetaTransform =
    std::variant<CopyTransform, CropTransform, ScaleTransform, MatrixTransform, UserTransform>;

/// A part of the old picture in the new one; nothing where none of it is left there, and after what
/// a user's stage did: only metas that know its name know where the part is now. After a copy it is
/// as it was.
[[nodiscard]] MILLRACE_API std::optional<Rect> transformed(const Rect& rect,
                                                           const MetaTransform& how);

}  // namespace millrace
