// SPDX-License-Identifier: MIT
#include "engine/format/letterbox.h"

#include <algorithm>

namespace millrace {
namespace {

/// `side` scaled by part / whole, made even, and within the frame's side.
uint32_t scaled(uint64_t side, uint64_t part, uint64_t whole, uint32_t limit) {
  const uint64_t exact = (side * part + whole / 2) / whole;
  const uint64_t even = std::max<uint64_t>(exact - exact % 2, 2);
  return static_cast<uint32_t>(std::min<uint64_t>(even, limit));
}

uint32_t centred(uint32_t outer, uint32_t inner) {
  const uint32_t margin = (outer - inner) / 2;
  return margin - margin % 2;
}

}  // namespace

Rect letterbox(PictureSize picture, PictureSize frame) {
  Rect box{0, 0, frame.width, frame.height};
  const uint64_t across = uint64_t{picture.width} * frame.height;
  const uint64_t down = uint64_t{picture.height} * frame.width;
  if (across > down) box.height = scaled(frame.width, picture.height, picture.width, frame.height);
  if (across < down) box.width = scaled(frame.height, picture.width, picture.height, frame.width);
  box.x = centred(frame.width, box.width);
  box.y = centred(frame.height, box.height);
  return box;
}

}  // namespace millrace
