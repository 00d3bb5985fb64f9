// SPDX-License-Identifier: MIT
// StreamEncoder: keeps the right H264Encoder open while a client's settings change.
//
// The problem is the constant quantiser. x264's constant mode wants to know both its quantisers
// when it opens, but what the pictures between key pictures will ask for is not known before the
// first of them comes; and to open an encoder anew costs a key picture. So the very first key
// picture is coded twice, once in each form of Quantisers, and if the two come out alike the second
// encoder waits: the next picture tells which of the two goes on. From the second key picture on,
// the quantisers of the group before it decide. A change in the middle of a group coded in constant
// form waits for the next key picture, and the client is told.
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
  Result<CodedPicture> encode_key(const Job& job, const Pixels& pixels);
  Result<CodedPicture> encode_inter(const Job& job, const Pixels& pixels);
  [[nodiscard]] Quantisers quantisers_for(const Job& job) const;
  [[nodiscard]] bool needs_new_encoder(const Job& job, const Quantisers& quantisers) const;
  void prepare_standby(const Job& job, const Pixels& pixels, const CodedPicture& first);
  void settle_form(const Job& job);
  void follow_rate(const Job& job);

  Messages& messages_;
  std::unique_ptr<H264Encoder> encoder_;
  std::unique_ptr<H264Encoder> standby_;
  std::optional<int> group_qp_;  ///< of the pictures after the last key picture
  bool group_varies_ = false;    ///< whether those differ among themselves
  bool last_was_key_ = false;
  bool told_of_waiting_ = false;
  std::vector<uint8_t> padded_;
};

}  // namespace millrace::softva
