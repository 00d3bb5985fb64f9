// SPDX-License-Identifier: MIT
// Knobs: what MILLRACE_VA_KNOBS asks of one display. They make the driver play other drivers, good
// and bad, so that a client can be tested against them; without any, the driver is honest.
// README.md says what each is for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

struct Knobs {
  enum class Packed { none, raw, all };
  enum class Import { all, dmabuf, none, lying };
  enum class Sync { normal, unimplemented, early };
  enum class Segments { one, split, tail, outside };
  enum class OwnLayout { linear, tiled, lying };

  bool validate = false;
  Packed packed = Packed::raw;
  uint32_t stride = 256;  ///< own surfaces have it, imported ones must be a multiple of it
  uint32_t height = 0;  ///< own surfaces' luma rows are a multiple of it, and imported ones'; 0: 32
                        ///< for own ones, and no rule for others
  Size coded = {1, 1};  ///< own surfaces and imports hold the size rounded up to its multiples
  OwnLayout own_layout = OwnLayout::linear;
  Import import = Import::all;
  uint32_t import_limit = 0;  ///< imports that succeed on a display; 0: all
  uint32_t export_limit = 0;  ///< exports, likewise
  bool cqp_only = false;
  bool low_power = false;
  bool ids_from_zero = false;
  Sync sync = Sync::normal;
  Segments segments = Segments::one;
  uint32_t bad_every = 0;  ///< 0: never
  bool overflow_is_error = false;
  bool shared_map = false;
  uint32_t fail_render = 0;       ///< counted from 1; 0: never
  bool fail_render_late = false;  ///< the failing call has taken its buffers
  uint32_t fail_unmap = 0;        ///< counted from 1; 0: never
  uint32_t fail_at = 0;           ///< counted from 1; 0: never
  bool derive = true;
  bool images = true;  ///< vaCreateImage works
  bool export_surfaces = true;
  std::string encoder;   ///< empty: the best that opens
  std::string log_path;  ///< empty: no identity log

  std::string active;  ///< the knobs as they were given, for the vendor string; empty without any
};

/// How the knobs lay own surfaces out.
[[nodiscard]] LayoutRules own_layout(const Knobs& knobs);

/// Reads "k=v,k=v". An unknown knob, a bad value or a knob given twice is refused by name.
[[nodiscard]] Result<Knobs> parse_knobs(std::string_view text);

}  // namespace millrace::softva
