// SPDX-License-Identifier: MIT
// Job: one picture, checked and complete, on its way to the context's worker.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "hw/softva/coded_buffer.h"
#include "hw/softva/config.h"
#include "hw/softva/h264_encoder.h"
#include "hw/softva/objects.h"
#include "hw/softva/picture.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

struct Job {
  std::shared_ptr<Surface> input;
  std::shared_ptr<Surface> reconstructed;
  std::shared_ptr<CodedBuffer> output;
  StreamSettings stream;
  RateControl rate;
  uint32_t crop_left = 0;  ///< pixels of the input that the stream does not show
  uint32_t crop_top = 0;
  bool is_idr = false;
  int qp = 26;
  std::vector<std::vector<uint8_t>> units;  ///< the client's own NAL units, emulation prevented
};

/// What a context brings to each of its pictures.
struct JobContext {
  const Config& config;
  const StreamParameters& stream;
  Size size;  ///< of the context
  bool has_key_picture = false;
  const std::string& encoder;
};

/// Checks a picture against its context. Begins nothing yet.
[[nodiscard]] Result<Job> make_job(const Picture& picture, const JobContext& context,
                                   const Objects& objects);

}  // namespace millrace::softva
