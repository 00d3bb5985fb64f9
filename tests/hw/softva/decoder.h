// SPDX-License-Identifier: MIT
// Decodes what the driver made, with a decoder that it has no part in.
#pragma once

#include <cstdint>
#include <vector>

namespace millrace::softva_test {

struct DecodedPicture {
  int width = 0;
  int height = 0;
  bool is_key = false;
  int least_qp = 0;  ///< of the macroblocks that have one of their own
  int most_qp = 0;
  std::vector<uint8_t> luma;  ///< width * height
};

struct Decoded {
  std::vector<DecodedPicture> pictures;
  int errors = 0;
};

/// Each element of `packets` is a coded picture.
[[nodiscard]] Decoded decode(const std::vector<std::vector<uint8_t>>& packets);

/// The type of each NAL unit in a coded picture.
[[nodiscard]] std::vector<int> unit_types(const std::vector<uint8_t>& picture);

}  // namespace millrace::softva_test
