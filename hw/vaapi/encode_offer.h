// SPDX-License-Identifier: MIT
// What the encode stage states about itself, from what was asked and tried. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/graph/offer.h"
#include "hw/vaapi/caps.h"
#include "hw/vaapi/import_trial.h"
#include "hw/vaapi/layout_probe.h"

namespace millrace::vaapi {

/// The names of the ways in: rungs of the memory ladder.
inline constexpr std::string_view import_rung = "import";
inline constexpr std::string_view put_image_rung = "put-image";

/// Which rung the trials leave, and why, in one sentence.
struct Rung {
  std::string_view name = import_rung;
  std::string reason;
  Provenance why;
};

[[nodiscard]] MILLRACE_API Rung choose_rung(const std::vector<ImportTrial>& trials);

struct OfferFacts {
  VideoFormat video;     ///< NV12 as it goes in
  PacketFormat packets;  ///< as they come out
  SurfaceCaps surfaces;
  LayoutFacts layout;
  std::vector<ImportTrial> trials;
  std::string software;  ///< names the software driver; empty for hardware
  std::vector<std::string> remarks;
};

[[nodiscard]] MILLRACE_API StageOffer describe_encoder(const OfferFacts& facts);

/// Copies of frame bytes inside the driver, which nobody here can avoid.
[[nodiscard]] MILLRACE_API std::vector<InherentCopy> inherent_copies(const OfferFacts& facts);

}  // namespace millrace::vaapi
