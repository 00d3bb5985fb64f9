// SPDX-License-Identifier: MIT
// Packed SPS, PPS and slice headers for the pictures of Client, written independently of the
// product.
#pragma once

#include "tests/hw/softva/bit_writer.h"
#include "tests/hw/softva/client.h"

namespace millrace::softva_test {

/// The headers of one picture as bits, still open to change.
struct PictureHeaders {
  BitWriter sps;  ///< key pictures only
  BitWriter pps;  ///< key pictures only
  BitWriter slice;
};

/// `data` as Client::next made it. Its sequence buffer gets the VUI that the SPS has.
[[nodiscard]] PictureHeaders write_headers(PictureData& data, const Stream& stream);

/// The headers as buffers of `data`, in the order of a stream.
void attach(PictureData& data, const PictureHeaders& headers);

[[nodiscard]] PackedData packed_as(uint32_t type, const std::vector<bool>& unit);

}  // namespace millrace::softva_test
