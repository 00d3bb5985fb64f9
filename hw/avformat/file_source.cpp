// SPDX-License-Identifier: MIT
#include "hw/avformat/file_source.h"

#include <condition_variable>
#include <mutex>

#include "hw/avformat/decoded_clip.h"
#include "hw/avformat/raw_clip.h"

namespace millrace::avformat {

Result<std::unique_ptr<FileSource>> FileSource::open(const FileSourceSettings& settings) {
  std::unique_ptr<Clip> clip = MILLRACE_TRY(RawClip::open(settings));
  if (!clip) clip = MILLRACE_TRY(DecodedClip::open(settings));
  return std::unique_ptr<FileSource>(new FileSource(settings, std::move(clip)));
}

FileSource::FileSource(FileSourceSettings settings, std::unique_ptr<Clip> clip)
    : settings_(std::move(settings)), clip_(std::move(clip)) {}

FileSource::~FileSource() = default;

const VideoFormat& FileSource::video() const {
  return clip_->offer().video;
}

std::vector<std::string> FileSource::notices() const {
  return clip_->notices();
}

StageOffer FileSource::describe() const {
  const ClipOffer& clip = clip_->offer();
  StageOffer offer{.kind = StageKind::source, .blocks = true, .remarks = clip.remarks};
  offer.fills_by_transform = clip.transforms;
  offer.ports.push_back({.name = "out",
                         .direction = Direction::output,
                         .stream = clip.video,
                         .alternatives = {clip.alternative},
                         .role = {.acquires_itself = true},
                         .cpu = {.write = true}});
  return offer;
}

Result<Answer> FileSource::decide_allocation(const Decision& decision) {
  const Decision::Port* const port = decision.port("out");
  MILLRACE_CHECK(port != nullptr);
  MILLRACE_TRY(clip_->bind(*port, *decision.ledger));
  return Answer(Accepted{});
}

Result<Flow> FileSource::process(Work& work) {
  Ref<Buffer> frame = MILLRACE_TRY(clip_->next(work.stop));
  if (!frame) return Flow::end;
  if (settings_.realtime) wait_until_due(frame->timing.pts.value_or(Duration{}), work.stop);
  frame->timing.captured = now();
  frame->timing.sequence = delivered_++;
  work.emit(std::move(frame));
  return Flow::next;
}

void FileSource::wait_until_due(Duration pts, const std::stop_token& stop) {
  if (!start_) start_ = now() - pts;
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_until(lock, stop, *start_ + pts, [] { return false; });
}

void FileSource::stop() noexcept {
  clip_->close();
}

}  // namespace millrace::avformat
