// SPDX-License-Identifier: MIT
#include "hw/softva/context.h"

#include <new>
#include <utility>

#include <pthread.h>
#include <signal.h>
#include <system_error>

#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

/// Threads started meanwhile take no signals: those are for the client's own.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }

  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

Result<std::shared_ptr<Context>> Context::create(std::shared_ptr<Config> config, Size size,
                                                 const ContextServices& services) {
  std::shared_ptr<Context> context(new Context(std::move(config), size, services));
  const SignalsBlocked blocked;
  try {
    context->worker_ = std::thread(&Context::work, context.get());
  } catch (const std::system_error&) {
    return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED, "create a context: no thread for it");
  }
  return context;
}

Context::Context(std::shared_ptr<Config> config, Size size, const ContextServices& services)
    : config_(std::move(config)), size_(size), services_(services), encoder_(services.messages) {
  if (services.knobs.validate)
    validator_.emplace(config_->profile, config_->rate_control, config_->packed_headers);
  if (services.knobs.shared_map) shared_segment_ = std::make_shared<VACodedBufferSegment>();
}

Context::~Context() {
  stop();
}

void Context::stop() {
  std::thread worker;
  {
    Lock lock(mutex_);
    stopping_ = true;
    worker.swap(worker_);
    changed_.notify_all();
  }
  if (worker.joinable()) worker.join();
}

Result<> Context::begin_picture(std::shared_ptr<Surface> input) {
  Lock lock(mutex_);
  if (picture_)
    return refuse(VA_STATUS_ERROR_OPERATION_FAILED, "begin a picture: the last was not ended");
  picture_.emplace();
  picture_->input = std::move(input);
  return {};
}

Result<> Context::render(std::span<const std::shared_ptr<Buffer>> buffers) {
  Lock lock(mutex_);
  if (!picture_) return refuse(VA_STATUS_ERROR_OPERATION_FAILED, "render: no picture was begun");
  const bool fails = ++renders_ == services_.knobs.fail_render;
  const Failure refusal =
      refuse(VA_STATUS_ERROR_OPERATION_FAILED, "render: the knob fail-render says so");
  if (fails && !services_.knobs.fail_render_late) return refusal;
  for (const std::shared_ptr<Buffer>& buffer : buffers)
    MILLRACE_TRY(take_buffer(*picture_, stream_, *buffer));
  if (fails) return refusal;
  return {};
}

Result<> Context::end_picture() {
  {
    Lock lock(mutex_);
    if (!picture_) return refuse(VA_STATUS_ERROR_OPERATION_FAILED, "end a picture: none was begun");
    const Picture picture = *std::exchange(picture_, std::nullopt);
    MILLRACE_TRY(submit(picture));
  }
  changed_.notify_all();
  return {};
}

Result<> Context::submit(const Picture& picture) {
  if (stopping_) return refuse(VA_STATUS_ERROR_INVALID_CONTEXT);
  if (dead_) return refuse(VA_STATUS_ERROR_ENCODING_ERROR, "encode a picture: the encoder died");
  const JobContext context = {*config_, stream_, size_, has_key_picture_, services_.encoder};
  Job job = MILLRACE_TRY(make_job(picture, context, services_.objects));
  if (validator_) MILLRACE_TRY(validator_->check(picture, stream_));
  queue_.emplace_back();  // Whatever may fail for want of memory fails before the picture begins.
  const auto begun = job.output->begin(job.input);
  if (!begun) {
    queue_.pop_back();
    return begun;
  }
  job.input->pending.begin();
  job.reconstructed->pending.begin();
  job.reconstructed->is_reconstructed = true;
  has_key_picture_ = true;
  queue_.back() = std::move(job);
  return {};
}

void Context::work() {
  pthread_setname_np(pthread_self(), "va-encode");
  Lock lock(mutex_);
  while (true) {
    while (queue_.empty() && !stopping_) changed_.wait(mutex_);
    if (queue_.empty()) return;
    const Job job = std::move(queue_.front());
    queue_.pop_front();
    mutex_.unlock();
    encode(job);
    mutex_.lock();
  }
}

Result<CodedPicture> Context::code(const Job& job) {
  ++pictures_;
  if (services_.knobs.fail_at != 0 && pictures_ >= services_.knobs.fail_at)
    return refuse(VA_STATUS_ERROR_ENCODING_ERROR, "encode a picture: the knob fail-at says so");
  services_.log.add(*job.input);
  try {
    return encoder_.encode(job);
  } catch (const std::bad_alloc&) {
    return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);  // A text would need memory too.
  }
}

void Context::deliver(const Job& job, Result<CodedPicture> coded) {
  const uint32_t bad_every = services_.knobs.bad_every;
  if (!coded) services_.messages.error(coded.error().what);
  if (coded) job.output->complete(coded.take(), bad_every != 0 && pictures_ % bad_every == 0);
}

void Context::encode(const Job& job) {
  Result<CodedPicture> coded = code(job);
  const bool is_coded = coded.has_value();
  job.input->pending.end();
  job.reconstructed->pending.end();
  try {
    deliver(job, std::move(coded));
    if (is_coded) return;
  } catch (const std::bad_alloc&) {
    // Below the client learns that there is no picture.
  }
  {
    Lock lock(mutex_);
    dead_ = true;
  }
  job.output->fail();
}

}  // namespace millrace::softva
