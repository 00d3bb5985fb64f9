// SPDX-License-Identifier: MIT
// An output that is a V4L2 device: what is not for it, and the stage that feeds it.
#pragma once

#include <memory>
#include <string>

#include "app/open_source.h"
#include "app/values.h"
#include "engine/base/result.h"
#include "engine/format/stream_format.h"
#include "hw/v4l2/output_stage.h"

namespace millrace::app {

/// Whether `path` is one, or bears the name of one that is not there.
[[nodiscard]] bool is_video_device(const std::string& path);

/// Errors: `usage` for a setting of the user's that is about encoding or files.
[[nodiscard]] Result<> check_device_settings(const Values& values, const std::string& path);

struct DeviceOutput {
  std::unique_ptr<v4l2::OutputStage> stage;
  VideoFormat taken;  ///< what it takes: the source's own frames, or NV12
};

/// Asks the device at `path` what it takes of `source`, converted to `colour` where it must be.
[[nodiscard]] Result<DeviceOutput> open_device_output(const std::string& path,
                                                      const OpenSource& source,
                                                      const Colour& colour);

}  // namespace millrace::app
