// SPDX-License-Identifier: MIT
#include "hw/avformat/mux_stage.h"

#include <fmt/format.h>

#include "engine/base/log.h"
#include "hw/avformat/muxer.h"

namespace millrace::avformat {

Result<std::unique_ptr<Stage>> MuxStage::create(const MuxSettings& settings) {
  if (settings.streams.empty()) {
    return fail(ErrorKind::usage, fmt::format("write {}: there is no stream", settings.path));
  }
  std::unique_ptr<Muxer> muxer = MILLRACE_TRY(Muxer::create(settings));
  return std::unique_ptr<Stage>(new MuxStage(settings, std::move(muxer)));
}

MuxStage::MuxStage(MuxSettings settings, std::unique_ptr<Muxer> muxer)
    : settings_(std::move(settings)), muxer_(std::move(muxer)) {}

MuxStage::~MuxStage() {
  stop();
}

StageOffer MuxStage::describe() const {
  return offer(settings_.streams);
}

StageOffer MuxStage::offer(const std::vector<PacketFormat>& streams) {
  StageOffer offer{.kind = StageKind::sink, .blocks = true};
  for (size_t index = 0; index < streams.size(); ++index) {
    Alternative packets{.name = "packets"};
    packets.count.hold =
        Fact<uint64_t>{0, documented("av_write_frame: a packet that is not counted is borrowed")};
    offer.ports.push_back({.name = fmt::format("video{}", index),
                           .direction = Direction::input,
                           .stream = streams[index],
                           .alternatives = {std::move(packets)},
                           .cpu = {.read = true}});
  }
  return offer;
}

Result<Answer> MuxStage::decide_allocation(const Decision& /*decision*/) {
  return Answer(Accepted{});
}

Result<Flow> MuxStage::process(Work& work) {
  if (work.input) {
    const Result<> written = muxer_->write(work.input_port, *work.input);
    reported_ = !written;
    if (!written) return fail(written.error());
    return Flow::next;
  }
  if (!work.draining) return Flow::next;
  MILLRACE_TRY(muxer_->finish());
  return Flow::end;
}

void MuxStage::stop() noexcept {
  const Result<> finished = muxer_->finish();
  if (!finished && !reported_) log::error("avformat", finished.error().what);
}

}  // namespace millrace::avformat
