// SPDX-License-Identifier: MIT
// The memory ladder to the encoder: which ways in this driver and this machine have, best first,
// and why the better ones are missing.
//
//   import       the frames' memory as a surface of the driver's; nothing is copied
//   own-surface  frames are written into the driver's own surfaces; nothing is copied
//   put-image    vaPutImage: one counted copy
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/graph/provenance.h"
#include "hw/vaapi/encode_setup.h"
#include "hw/vaapi/import_trial.h"
#include "hw/vaapi/own_surface_trial.h"
#include "hw/vaapi/put_image.h"

namespace millrace::vaapi {

/// The names of the ways in: those of the input's alternatives.
inline constexpr std::string_view import_rung = "import";
inline constexpr std::string_view own_surface_rung = "own-surface";
inline constexpr std::string_view put_image_rung = "put-image";

/// The second way to the rung of own surfaces.
inline constexpr std::string_view derived_way = "own-surface-derived";

struct Rung {
  std::string_view name;
  bool open = false;
  std::string reason;  ///< why it can be taken, or why not
  Provenance why;
  std::string remedy{};  ///< what may open it
  std::string
      not_read_back{};  ///< why nobody knows what the driver sees; closed if others are open
};

struct MILLRACE_API Ladder {
  std::vector<ImportTrial> imports;
  OwnSurfaceTrial own;
  UploadTrial upload;
  std::vector<Rung> rungs;    ///< all three, best first
  OwnSurfaceTrial reserve{};  ///< own surfaces by derived images, where `own` is by export

  [[nodiscard]] const Rung& rung(std::string_view name) const;

  /// Null where no way is left.
  [[nodiscard]] const Rung* best() const;

  /// "frames go in by X: …; not by Y: …": what is better than `taken`, and why it is not it.
  [[nodiscard]] std::string reason_for(std::string_view taken) const;

  /// Takes an open rung away for what happened after the trials, which its reason goes on with.
  /// Own surfaces that are exported become derived ones where those are held in reserve.
  void close(std::string_view name, const std::string& reason);
};

/// Tries everything that `path` allows. Asks the driver; allocates a few pictures, and lets them
/// go.
[[nodiscard]] MILLRACE_API Ladder try_ladder(const EncodeSetup& setup, const LayoutFacts& layout);

/// What the user should know of the ways that are open. Pure.
[[nodiscard]] MILLRACE_API std::vector<std::string> warnings_of(const Ladder& ladder);

/// Fails, with every rung's reason and a remedy, where none is open. Pure.
[[nodiscard]] MILLRACE_API Result<> check_ladder(const Ladder& ladder);

/// What the trials come to. Pure.
[[nodiscard]] MILLRACE_API Ladder judge(std::vector<ImportTrial> imports, OwnSurfaceTrial own,
                                        UploadTrial upload, MemoryPath path);

}  // namespace millrace::vaapi
