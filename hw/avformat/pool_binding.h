// SPDX-License-Identifier: MIT
// PoolBinding: lends the buffers of our pool to a decoder (AVCodecContext::get_buffer2).
//
// A decoder writes a picture once and then keeps it to predict others from, while we hand the same
// buffer on: it goes home when both have let go. A decoder that already keeps as many buffers as
// were planned for it gets memory of its own instead, so that it can never starve the rest of the
// pipeline; such a picture costs a copy, which its user books.
//
// `get_buffer` may be called on a thread of libavcodec, `release` on any; the rest is confined to
// the thread that decodes. Outlives the decoder and its frames.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"
#include "engine/memory/pool.h"
#include "hw/avformat/av_handles.h"

namespace millrace::avformat {

class PoolBinding {
 public:
  struct Params {
    Ref<BufferPool> pool;
    Layout layout;
    AVPixelFormat format = AV_PIX_FMT_NONE;
    uint64_t most_held = 1;  ///< buffers that the decoder may keep at once
  };

  explicit PoolBinding(Params params);
  ~PoolBinding();

  /// For Decoder::Params; its `opaque` is the PoolBinding.
  static int get_buffer(AVCodecContext* context, AVFrame* frame, int flags);

  /// The buffer that `frame` was decoded into, to hand on. Null when it lies in other memory, or
  /// its buffer was handed on before.
  [[nodiscard]] Ref<Buffer> claim(const AVFrame& frame);

  /// Waits for buffers end from now on.
  void stop() { stop_.request_stop(); }

 private:
  /// A buffer in the decoder's hands.
  struct Loan {
    PoolBinding* owner = nullptr;
    Ref<Buffer> buffer;
    std::optional<WriteView> window;  ///< open while the picture may be written
    bool recorded = false;            ///< the window was opened on the stage's own thread
  };

  static void release(void* opaque, uint8_t* data);
  [[nodiscard]] bool fits(AVCodecContext& context, const AVFrame& frame) const;
  [[nodiscard]] bool reserve();
  [[nodiscard]] int lend(AVFrame& frame);
  /// Outside the pool, but with the same strides: decoders want those not to change.
  [[nodiscard]] int lend_other_memory(AVFrame& frame) const;
  void point_into(uint8_t* start, AVFrame& frame) const;
  [[nodiscard]] bool lies_in_place(const AVFrame& frame, const Loan& loan) const;
  void forget(Loan& loan);

  Params params_;
  std::stop_source stop_;
  std::vector<Loan> loans_;  ///< by slot of the pool
  mutable Mutex mutex_;
  uint64_t held_ MILLRACE_GUARDED_BY(mutex_) = 0;
};

}  // namespace millrace::avformat
