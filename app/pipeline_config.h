// SPDX-License-Identifier: MIT
// PipelineConfig: the settings of one recording, typed and checked against each other. Made from
// Values before any device or file is opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/units.h"
#include "app/values.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/format/colour.h"
#include "engine/format/pixel_format.h"
#include "hw/x11/target.h"

namespace millrace::app {

enum class SourceKind : uint8_t { test_bars, file, desktop };
enum class RateControl : uint8_t { automatic, cqp, vbr, cbr };
enum class ContainerChoice : uint8_t { automatic, mkv, mp4, fmp4, h264 };
enum class Overwrite : uint8_t { never, ask, always };

struct SourceSettings {
  SourceKind kind = SourceKind::test_bars;
  std::string chosen_because;     ///< where the source was `auto`: which it is now, and why
  std::string path;               ///< of a file
  x11::Target target;             ///< of a desktop
  std::string display;            ///< of a desktop; empty: $DISPLAY
  bool cursor = true;             ///< of a desktop: the pointer is in the picture
  std::optional<Size> scaled_to;  ///< of a desktop
  /// Of test:bars and raw files; others have their own.
  Size size{1920, 1080};
  Fraction frame_rate{30, 1};  ///< of desktops, too
  PixelFormat format = PixelFormat::nv12;
  bool realtime = false;
  std::optional<uint64_t> stride;
  std::string name;  ///< the short form, as reports print it: "test:bars;stride=322"
};

/// How frames get into the encoder.
enum class MemoryChoice : uint8_t { automatic, dmabuf, cpu };

struct EncodeSettings {
  std::string device;  ///< "auto", "software" or the path of a render node
  RateControl rate_control = RateControl::automatic;
  std::optional<uint8_t> qp;
  std::optional<uint32_t> bitrate;
  std::optional<uint32_t> max_bitrate;
  Keyint keyint = uint32_t{60};
  std::string keyint_origin;  ///< "--keyint 2s"
  std::optional<uint8_t> preset;
  std::optional<ColourMatrix> matrix;
  std::optional<ColourRange> range;
  MemoryChoice memory = MemoryChoice::automatic;
};

struct OutputSettings {
  std::string path;  ///< with its strftime fields still in it; "-" is stdout
  ContainerChoice container = ContainerChoice::automatic;
  Overwrite overwrite = Overwrite::never;
  uint64_t min_free = 0;  ///< bytes
  std::string on_saved;   ///< a command line for the shell; empty: none
};

struct ExpectSettings {
  bool zero_copy = false;
  std::optional<uint64_t> max_copies;  ///< of each frame
};

struct PipelineConfig {
  SourceSettings source;
  EncodeSettings encode;
  OutputSettings output;
  ExpectSettings expect;
  std::optional<Duration> duration;
  std::optional<uint64_t> frames;
  std::optional<uint64_t> buffers;
  std::string buffers_origin;  ///< "--buffers 4"
};

/// The file is headerless NV12, whose size, rate and format only the user knows.
[[nodiscard]] bool is_raw_file(std::string_view path);

/// The output's name stands for stdout: "-" or a name that Linux has for it.
[[nodiscard]] bool is_stdout(std::string_view path);

/// Takes back the built-in values that do not apply to the chosen source, so that what is left is
/// in force. Called before `make_pipeline_config`.
void settle_defaults(Values& values);

/// The distance between key frames at `rate`. Errors: `usage`, naming the origin of the setting.
[[nodiscard]] Result<uint32_t> keyint_frames(const EncodeSettings& encode, Fraction rate);

/// Errors: `usage`, naming the two settings that contradict each other and their origins.
[[nodiscard]] Result<PipelineConfig> make_pipeline_config(const Values& values);

}  // namespace millrace::app
