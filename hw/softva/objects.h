// SPDX-License-Identifier: MIT
// Objects: everything alive on one display. An id tells the display and the kind, so that one from
// elsewhere is refused instead of meaning something else.
#pragma once

#include <cstdint>

#include "hw/softva/buffer.h"
#include "hw/softva/config.h"
#include "hw/softva/object_table.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

class Context;
struct Image;

struct Objects {
  /// `display` counts the displays of the process, modulo 32. From zero, as iHD's ids are, all the
  /// kinds share their numbers.
  Objects(uint32_t display, bool from_zero)
      : configs(first_id(0, display, from_zero)),
        contexts(first_id(1, display, from_zero)),
        surfaces(first_id(2, display, from_zero)),
        buffers(first_id(3, display, from_zero)),
        images(first_id(4, display, from_zero)) {}

  ObjectTable<Config> configs;
  ObjectTable<Context> contexts;
  ObjectTable<Surface> surfaces;
  ObjectTable<Buffer> buffers;
  ObjectTable<Image> images;

 private:
  static VAGenericID first_id(uint32_t kind, uint32_t display, bool from_zero) {
    return from_zero ? 0 : (kind + 1) << 29U | (display % 32) << 24U | 1U;
  }
};

}  // namespace millrace::softva
