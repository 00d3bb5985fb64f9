// SPDX-License-Identifier: MIT
// Config: what the driver can encode, and what of it a client chose.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <va/va.h>

#include "engine/base/result.h"
#include "hw/softva/knobs.h"

namespace millrace::softva {

constexpr uint32_t least_picture_size = 16;
constexpr uint32_t most_picture_size = 8192;

struct Config {
  VAProfile profile = VAProfileNone;
  VAEntrypoint entrypoint = VAEntrypointEncSlice;
  uint32_t rt_format = VA_RT_FORMAT_YUV420;
  uint32_t rate_control = VA_RC_CQP;
  uint32_t packed_headers = VA_ENC_PACKED_HEADER_NONE;
};

[[nodiscard]] std::vector<VAProfile> supported_profiles();
[[nodiscard]] VAEntrypoint supported_entrypoint(const Knobs& knobs);

/// The value of one attribute; VA_ATTRIB_NOT_SUPPORTED for what we do not know.
[[nodiscard]] uint32_t attribute_value(VAConfigAttribType type, const Knobs& knobs);

/// UNSUPPORTED_PROFILE or UNSUPPORTED_ENTRYPOINT.
[[nodiscard]] Result<> check_entrypoint(VAProfile profile, VAEntrypoint entrypoint,
                                        const Knobs& knobs);

[[nodiscard]] Result<std::shared_ptr<Config>> make_config(VAProfile profile,
                                                          VAEntrypoint entrypoint,
                                                          std::span<const VAConfigAttrib> wanted,
                                                          const Knobs& knobs);

/// The attributes that a config was made with, defaults included.
[[nodiscard]] std::vector<VAConfigAttrib> attributes_of(const Config& config);

}  // namespace millrace::softva
