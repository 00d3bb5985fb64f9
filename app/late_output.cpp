// SPDX-License-Identifier: MIT
#include "app/late_output.h"

#include "engine/base/check.h"
#include "hw/avformat/mux_stage.h"

namespace millrace::app {

StageOffer LateOutput::describe() const {
  return avformat::MuxStage::offer(settings_.streams);
}

Result<Answer> LateOutput::decide_allocation(const Decision& decision) {
  if (!muxer_) muxer_ = MILLRACE_TRY(avformat::MuxStage::create(settings_));
  return muxer_->decide_allocation(decision);
}

Result<Flow> LateOutput::process(Work& work) {
  MILLRACE_DCHECK(muxer_);
  return muxer_->process(work);
}

void LateOutput::stop() noexcept {
  if (muxer_) muxer_->stop();
}

}  // namespace millrace::app
