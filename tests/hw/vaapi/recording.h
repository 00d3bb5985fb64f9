// SPDX-License-Identifier: MIT
// A run of the encoder over imported frames, and everything that came out of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/memory/memfd_allocator.h"
#include "hw/vaapi/encoder.h"
#include "hw/vaapi/surface_import.h"

namespace millrace::vaapi::testing {

struct Recording {
  std::vector<std::vector<uint8_t>> packets;  ///< of the pictures that were not dropped
  std::vector<CodedPicture> pictures;         ///< one for each submitted picture, in order
  std::vector<std::string> refusals;          ///< what `submit` answered when it failed

  [[nodiscard]] std::vector<uint8_t> stream() const;
  [[nodiscard]] std::vector<uint64_t> key_tags() const;
  [[nodiscard]] std::vector<uint64_t> dropped_tags() const;
};

/// Encodes `count` pictures from as many memfd frames as the encoder can have under way and one
/// more. `before` is called before each submission. Fails the test when the encoder cannot be made.
[[nodiscard]] Recording record(
    const SharedDisplay& display, const EncoderSettings& settings, uint64_t count,
    const std::function<void(Encoder&, uint64_t)>& before = [](Encoder&, uint64_t) {});

}  // namespace millrace::vaapi::testing
