// SPDX-License-Identifier: MIT
#include "hw/x11/source.h"

#include <fmt/format.h>

#include "hw/x11/capture.h"

namespace millrace::x11 {
namespace {

/// The pixels lie as the server writes them, in memory that it can be given.
Alternative read_out_alternative(const VideoFormat& video, const std::string& what,
                                 const std::string& origin) {
  const Provenance asked = queried("X server: " + what);
  const Provenance user = from_user(origin);
  Alternative way{.name = "read-out"};
  way.layout.formats = {{PixelFormat::bgrx, Modifier::linear, 0, asked}};
  way.layout.visible_width = Fact<uint64_t>{video.width, asked};
  way.layout.visible_height = Fact<uint64_t>{video.height, asked};
  way.layout.stride_demand[0] = Fact<StrideDemand>{
      {StridePolicy::fixed, uint64_t{4} * video.width},
      queried("X server: 32 bits a pixel, rows padded to 32 bits: a stride of 4 x the width")};
  way.layout.offset_align[0] =
      Fact<uint64_t>{4, documented("X server: pixels are written as words of 32 bits")};
  way.memory.heaps = {
      {"memfd", documented("MIT-SHM 1.2: ShmAttachFd maps a file that it is given")}};
  way.count.hold =
      Fact<uint64_t>{1, documented("x11: the server writes into one buffer at a time")};
  way.rate = Fact<Fraction>{video.frame_rate, user};
  return way;
}

}  // namespace

Result<std::unique_ptr<Source>> Source::open(const SourceSettings& settings) {
  std::unique_ptr<Capture> capture = MILLRACE_TRY(Capture::open(settings));
  return std::unique_ptr<Source>(new Source(std::move(capture)));
}

Source::Source(std::unique_ptr<Capture> capture) : capture_(std::move(capture)) {}

Source::~Source() = default;

const VideoFormat& Source::video() const {
  return capture_->video();
}

std::string Source::what() const {
  return capture_->what();
}

std::vector<std::string> Source::notices() const {
  return capture_->notices();
}

bool Source::sees_x_clients_only() const {
  return capture_->is_xwayland();
}

StageOffer Source::describe() const {
  const VideoFormat& video = capture_->video();
  PortOffer out{.name = "out", .direction = Direction::output, .stream = video};
  out.alternatives = {read_out_alternative(video, what(), capture_->settings().origin)};
  out.role = {.acquires_itself = true};
  // Blending reads what lies below the pointer, and only there.
  out.cpu = {.read = capture_->settings().cursor, .write = capture_->settings().cursor};
  StageOffer offer{.kind = StageKind::source, .blocks = true};
  offer.ports = {std::move(out)};
  offer.inherent = {read_out_of(video)};
  offer.remarks = capture_->remarks();
  return offer;
}

Result<Answer> Source::decide_allocation(const Decision& decision) {
  const Decision::Port* const port = decision.port("out");
  if (!port || !port->pool || !decision.ledger) {
    return fail(ErrorKind::internal, "set up x11: the decision is not for its offer");
  }
  MILLRACE_TRY(capture_->bind(*port, *decision.ledger));
  return Answer{Accepted{}};
}

Result<Flow> Source::process(Work& work) {
  Ref<Buffer> frame = MILLRACE_TRY(capture_->next(work.stop));
  if (!frame) return Flow::end;
  work.emit(std::move(frame));
  return Flow::next;
}

void Source::stop() noexcept {
  capture_->release();
}

}  // namespace millrace::x11
