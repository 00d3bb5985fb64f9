// SPDX-License-Identifier: MIT
// Features: which parts of the protocol the server speaks, and whether they are enough.
//
// Needed: MIT-SHM 1.2 (memory by descriptor), XFixes 2 (cursor, regions), DAMAGE 1, Composite 0.2
// (a window's own pixels), RandR 1.5 (monitors), over a socket of this machine.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "hw/x11/connection.h"

namespace millrace::x11 {

/// Numbers of the extensions' first events on this server.
struct Features {
  uint8_t damage_event = 0;
  uint8_t fixes_event = 0;
  uint8_t randr_event = 0;
};

/// Introduces us to each extension, as each demands before anything else. Errors: `unavailable`.
[[nodiscard]] Result<Features> negotiate_features(Connection& connection);

/// Fails unless pixels of `depth` lie in memory as B, G, R, X. `what` names whose they are.
[[nodiscard]] Result<> check_pixels(const Connection& connection, uint8_t depth,
                                    xcb_visualid_t visual, const std::string& what);

}  // namespace millrace::x11
