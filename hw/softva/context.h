// SPDX-License-Identifier: MIT
// Context: one stream. Pictures are put together and checked in the client's threads; one worker
// encodes them in order.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include <va/va.h>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "hw/softva/config.h"
#include "hw/softva/h264_validate.h"
#include "hw/softva/identity_log.h"
#include "hw/softva/job.h"
#include "hw/softva/knobs.h"
#include "hw/softva/messages.h"
#include "hw/softva/objects.h"
#include "hw/softva/picture.h"
#include "hw/softva/stream_encoder.h"

namespace millrace::softva {

/// What a display lends its contexts; it outlives them.
struct ContextServices {
  const Knobs& knobs;
  const Objects& objects;
  Messages& messages;
  IdentityLog& log;
  const std::string& encoder;  ///< libavcodec's name
};

/// Thread-safe.
class Context {
 public:
  static Result<std::shared_ptr<Context>> create(std::shared_ptr<Config> config, Size size,
                                                 const ContextServices& services);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Result<> begin_picture(std::shared_ptr<Surface> input);

  /// Takes buffers in order; may be called several times for one picture.
  Result<> render(std::span<const std::shared_ptr<Buffer>> buffers);

  /// Queues the picture. Whatever it answers, the picture is over.
  Result<> end_picture();

  /// Encodes what is queued and ends the worker. Later pictures are refused.
  void stop();

  [[nodiscard]] const SharedSegment& shared_segment() const { return shared_segment_; }

 private:
  Context(std::shared_ptr<Config> config, Size size, const ContextServices& services);

  Result<> submit(const Picture& picture) MILLRACE_REQUIRES(mutex_);
  void work();
  void encode(const Job& job);
  [[nodiscard]] Result<CodedPicture> code(const Job& job);
  void deliver(const Job& job, Result<CodedPicture> coded);

  const std::shared_ptr<Config> config_;
  const Size size_;
  const ContextServices services_;
  SharedSegment shared_segment_;

  Mutex mutex_;
  Condition changed_;
  std::optional<Picture> picture_ MILLRACE_GUARDED_BY(mutex_);
  StreamParameters stream_ MILLRACE_GUARDED_BY(mutex_);
  std::optional<H264Validator> validator_ MILLRACE_GUARDED_BY(mutex_);
  std::deque<Job> queue_ MILLRACE_GUARDED_BY(mutex_);
  uint32_t renders_ MILLRACE_GUARDED_BY(mutex_) = 0;
  bool has_key_picture_ MILLRACE_GUARDED_BY(mutex_) = false;
  bool stopping_ MILLRACE_GUARDED_BY(mutex_) = false;
  bool dead_ MILLRACE_GUARDED_BY(mutex_) = false;

  StreamEncoder encoder_;  // The worker's alone.
  uint32_t pictures_ = 0;  // The worker's alone.
  std::thread worker_;
};

}  // namespace millrace::softva
