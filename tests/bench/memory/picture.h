// SPDX-License-Identifier: MIT
// The picture of which all sides of the memory bench make buffers: 1920x1080 NV12, rows not padded.
#pragma once

#include <cstddef>
#include <cstdint>

namespace millrace::bench {

constexpr uint32_t picture_width = 1920;
constexpr uint32_t picture_height = 1080;
constexpr size_t picture_bytes = size_t{picture_width} * picture_height * 3 / 2;

}  // namespace millrace::bench
