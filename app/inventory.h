// SPDX-License-Identifier: MIT
// Inventory: what this machine offers, looked at without changing anything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace millrace::app {

/// One way to encode with one driver.
struct EncodeWay {
  std::string profile;                     ///< "High"
  std::string entrypoint;                  ///< "full" or "low power"
  std::vector<std::string> rate_controls;  ///< "cqp", "vbr", "cbr"
  uint32_t max_width = 0;                  ///< pixels; 0: the driver does not say
  uint32_t max_height = 0;
};

struct EncoderEntry {
  std::string device;  ///< what --device takes: a node, or "software"
  std::string driver;
  std::string vendor;
  bool software = false;
  std::vector<EncodeWay> ways;  ///< empty: it does not encode H.264
};

/// "/dev/dri/renderD128", … in the order of their numbers.
[[nodiscard]] std::vector<std::string> render_nodes();

/// Opens a device as --device names it and asks its driver.
[[nodiscard]] Result<EncoderEntry> look_at_encoder(const std::string& device);

struct SourceEntry {
  std::string name;  ///< what -s takes
  std::string help;
};

/// The kinds of sources that there are.
[[nodiscard]] std::vector<SourceEntry> known_sources();

/// The monitors and windows of $DISPLAY, each as a source. Errors: those of x11::query_display.
[[nodiscard]] Result<std::vector<SourceEntry>> desktop_sources();

struct FormatEntry {
  std::string name;
  std::string alias;
  unsigned bits = 8;
  unsigned planes = 1;
  std::string way;  ///< how its frames reach the encoder
};

[[nodiscard]] std::vector<FormatEntry> known_formats();

}  // namespace millrace::app
