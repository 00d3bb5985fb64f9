// SPDX-License-Identifier: MIT
// StreamEncoder: keeps the right H264Encoder open while a client's settings change.
//
// The problem is the constant quantiser. x264's constant mode wants to know both its quantisers
// when it opens, but what the pictures between key pictures will ask for is not known before the
// first of them comes; and to open an encoder anew costs a key picture. So the very first key
// picture is coded in constant form and kept: where the next picture asks for another quantiser, an
// encoder of the other form codes the kept one once more, and goes on if it comes out alike. From
// the second key picture on, the quantisers of the group before it decide. A change in the middle
// of a group coded in constant form waits for the next key picture, and the client is told.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "hw/softva/h264_encoder.h"
#include "hw/softva/job.h"
#include "hw/softva/messages.h"

namespace millrace::softva {

/// Confined to the context's worker.
class StreamEncoder {
 public:
  explicit StreamEncoder(Messages& messages) : messages_(messages) {}

  Result<CodedPicture> encode(const Job& job);

 private:
  /// The first key picture, until the second picture is there.
  struct FirstPicture {
    int qp = 26;
    std::vector<uint8_t> pixels;              ///< NV12 without padding
    std::vector<std::vector<uint8_t>> units;  ///< as it was coded
  };

  Result<CodedPicture> encode_key(const Job& job, const Pixels& pixels);
  Result<CodedPicture> encode_inter(const Job& job, const Pixels& pixels);
  [[nodiscard]] Quantisers quantisers_for(const Job& job) const;
  [[nodiscard]] bool needs_new_encoder(const Job& job, const Quantisers& quantisers) const;
  void settle_form(const Job& job);
  [[nodiscard]] bool change_form();
  void follow_rate(const Job& job);

  Messages& messages_;
  std::unique_ptr<H264Encoder> encoder_;
  std::optional<FirstPicture> first_;
  std::optional<int> group_qp_;  ///< of the pictures after the last key picture
  bool group_varies_ = false;    ///< whether those differ among themselves
  bool last_was_key_ = false;
  bool told_of_waiting_ = false;
  std::vector<uint8_t> padded_;
};

}  // namespace millrace::softva
