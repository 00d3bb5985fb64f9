// SPDX-License-Identifier: MIT
// What the encode stage states about itself, from what was asked and tried. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/offer.h"
#include "hw/vaapi/caps.h"
#include "hw/vaapi/ladder.h"
#include "hw/vaapi/layout_probe.h"

namespace millrace::vaapi {

struct OfferFacts {
  VideoFormat video;     ///< NV12 as it goes in
  PacketFormat packets;  ///< as they come out
  SurfaceCaps surfaces;
  LayoutFacts layout;
  Ladder ladder;
  std::string software;  ///< names the software driver; empty for hardware
  std::vector<std::string> remarks;
};

[[nodiscard]] MILLRACE_API StageOffer describe_encoder(const OfferFacts& facts);

/// Copies of frame bytes inside the driver, which nobody here can avoid.
[[nodiscard]] MILLRACE_API std::vector<InherentCopy> inherent_copies(const OfferFacts& facts);

}  // namespace millrace::vaapi
