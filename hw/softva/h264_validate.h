// SPDX-License-Identifier: MIT
// H264Validator: the knob validate=1. It reads every packed header of a stream as a decoder would
// and refuses the first picture whose headers, parameter buffers and history disagree, so that a
// client's packed headers are checked without the hardware that would emit them.
#pragma once

#include <cstdint>
#include <optional>

#include <va/va.h>

#include "engine/base/result.h"
#include "hw/softva/h264_history.h"
#include "hw/softva/h264_pps.h"
#include "hw/softva/h264_sps.h"
#include "hw/softva/packed_units.h"
#include "hw/softva/picture.h"

namespace millrace::softva {

/// Confined to its context's lock.
class H264Validator {
 public:
  H264Validator(VAProfile profile, uint32_t rate_control, uint32_t packed_headers)
      : profile_(profile), rate_control_(rate_control), packed_headers_(packed_headers) {}

  /// Checks a picture that is otherwise complete, and remembers it if it passes.
  Result<> check(const Picture& picture, const StreamParameters& stream);

 private:
  struct State {
    std::optional<Sps> sps;
    std::optional<Pps> pps;
    std::optional<Predecessor> before;
  };

  /// What one picture brought.
  struct Seen {
    bool sps = false;
    size_t slices = 0;
    int rank = -1;
  };

  Result<> check_header(State& next, Seen& seen, const PackedHeader& header,
                        const Picture& picture) const;
  Result<> check_unit(State& next, Seen& seen, const PackedUnit& unit,
                      const Picture& picture) const;
  Result<> check_sets(const State& next, const Seen& seen, const Picture& picture,
                      const StreamParameters& stream) const;
  [[nodiscard]] bool is_negotiated(uint32_t header_type) const;

  VAProfile profile_;
  uint32_t rate_control_;
  uint32_t packed_headers_;
  State state_;
};

}  // namespace millrace::softva
