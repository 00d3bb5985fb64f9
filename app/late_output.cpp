// SPDX-License-Identifier: MIT
#include "app/late_output.h"

#include <cerrno>
#include <filesystem>

#include "engine/base/check.h"
#include "engine/base/log.h"
#include "engine/base/sleep.h"
#include "hw/avformat/mux_stage.h"

namespace millrace::app {

StageOffer LateOutput::describe() const {
  return avformat::MuxStage::offer(settings_.streams);
}

Result<Answer> LateOutput::decide_allocation(const Decision& decision) {
  if (!muxer_) muxer_ = MILLRACE_TRY(wait_for_reader());
  return muxer_->decide_allocation(decision);
}

Result<std::unique_ptr<Stage>> LateOutput::wait_for_reader() {
  constexpr auto look_every = std::chrono::milliseconds(50);
  Result<std::unique_ptr<Stage>> made = avformat::MuxStage::create(settings_);
  std::error_code ignored;
  if (made || made.error().code != ENXIO) return made;
  if (!std::filesystem::is_fifo(settings_.path, ignored)) return made;
  log::info("app", "waiting for a reader of the pipe " + settings_.path);
  while (!made && made.error().code == ENXIO) {
    if (!sleep_until(now() + look_every, stop_)) {
      return fail(ErrorKind::cancelled,
                  "wait for a reader of the pipe " + settings_.path + ": a stop was asked for",
                  "start the reader first");
    }
    made = avformat::MuxStage::create(settings_);
  }
  return made;
}

Result<Flow> LateOutput::process(Work& work) {
  MILLRACE_DCHECK(muxer_);
  return muxer_->process(work);
}

void LateOutput::stop() noexcept {
  if (muxer_) muxer_->stop();
}

}  // namespace millrace::app
