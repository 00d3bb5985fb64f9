// SPDX-License-Identifier: MIT
// CodedBuffer: where a coded picture arrives, and how its client finds it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/mutex.h"
#include "hw/softva/buffer.h"
#include "hw/softva/knobs.h"
#include "hw/softva/pending.h"

namespace millrace::softva {

/// What an encoder made of one picture.
struct CodedPicture {
  std::vector<uint8_t> bytes;  ///< Annex B
  bool is_key = false;
  int average_qp = 0;
};

/// One segment struct for all the coded buffers of a context, as iHD has it: see the knob
/// map=shared.
using SharedSegment = std::shared_ptr<VACodedBufferSegment>;

/// Thread-safe. Only the output's bytes are stored: a capacity costs nothing until it is used.
class CodedBuffer final : public Buffer {
 public:
  CodedBuffer(uint32_t capacity, const Knobs& knobs, SharedSegment shared);

  /// Takes the buffer for a picture that reads `input`. Refused while mapped or in flight.
  Result<> begin(std::shared_ptr<Surface> input);

  /// One of these ends what begin() began. `is_bad` marks the picture for the client to drop. Where
  /// complete() runs out of memory, fail() is still to be called.
  void complete(CodedPicture picture, bool is_bad);
  void fail();

  /// Waits for the picture; ENCODING_ERROR where there is none to show.
  Result<void*> map() override;

  /// TIMEDOUT after `timeout_ns`.
  Result<> sync(uint64_t timeout_ns);

 private:
  void lay_out_segments() MILLRACE_REQUIRES(state_mutex_);
  void add_segment(uint8_t* data, size_t size, uint32_t status) MILLRACE_REQUIRES(state_mutex_);
  [[nodiscard]] bool is_too_early() const MILLRACE_REQUIRES(state_mutex_);

  const uint32_t capacity_;
  const Knobs& knobs_;
  const SharedSegment shared_;
  Pending pending_;
  Mutex state_mutex_;
  std::vector<uint8_t> bytes_ MILLRACE_GUARDED_BY(state_mutex_);
  std::vector<VACodedBufferSegment> segments_ MILLRACE_GUARDED_BY(state_mutex_);
  uint32_t status_ MILLRACE_GUARDED_BY(state_mutex_) = 0;
  bool failed_ MILLRACE_GUARDED_BY(state_mutex_) = false;
  std::shared_ptr<Surface> input_ MILLRACE_GUARDED_BY(state_mutex_);
  uint64_t syncs_at_begin_ MILLRACE_GUARDED_BY(state_mutex_) = 0;
};

}  // namespace millrace::softva
