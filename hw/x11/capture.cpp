// SPDX-License-Identifier: MIT
#include "hw/x11/capture.h"

#include <utility>

#include <fmt/format.h>
#include <xcb/damage.h>
#include <xcb/shm.h>
#include <xcb/xfixes.h>

#include "engine/base/log.h"
#include "engine/base/sleep.h"
#include "engine/memory/frame_place.h"
#include "hw/x11/area.h"
#include "hw/x11/features.h"
#include "hw/x11/xwayland.h"

namespace millrace::x11 {
namespace {

constexpr int most_attempts = 4;
constexpr int64_t largest_rate_term = 1'000'000'000;
constexpr uint64_t bytes_a_pixel = 4;
constexpr uint32_t all_planes = 0xffffffff;

Result<> check_rate(const Fraction& rate) {
  const auto fits = [](int64_t term) { return term > 0 && term <= largest_rate_term; };
  if (fits(rate.num) && fits(rate.den)) return {};
  return fail(ErrorKind::usage,
              fmt::format("capture at {}/{} frames a second: both numbers must be 1 to {}",
                          rate.num, rate.den, largest_rate_term),
              "Use a rate such as --fps 60 or --fps 30000/1001.");
}

VideoFormat video_of(const Area& area, const Fraction& rate) {
  return {.format = PixelFormat::bgrx,
          .width = area.width,
          .height = area.height,
          .frame_rate = rate,
          .colour = {ColourRange::full, ColourPrimaries::bt709, ColourTransfer::srgb,
                     ColourMatrix::rgb}};
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

bool shows(const Buffer& frame, const Area& area) {
  return frame.video() && frame.video()->width == area.width &&
         frame.video()->height == area.height;
}

}  // namespace

InherentCopy read_out_of(const VideoFormat& video) {
  return {
      .where = "X server: read-out into shared memory",
      .bytes_per_frame = bytes_a_pixel * video.width * video.height,
      .why = documented("MIT-SHM: ShmGetImage copies the pixels of a drawable into the segment")};
}

Result<std::unique_ptr<Capture>> Capture::open(const SourceSettings& settings) {
  MILLRACE_TRY(check_rate(settings.frame_rate));
  std::unique_ptr<Connection> connection = MILLRACE_TRY(Connection::open(settings.display));
  const Features features = MILLRACE_TRY(negotiate_features(*connection));
  std::unique_ptr<Capture> made(new Capture(settings, std::move(connection)));
  MILLRACE_TRY(made->look(features));
  return made;
}

Capture::Capture(SourceSettings settings, std::unique_ptr<Connection> connection)
    : settings_(std::move(settings)),
      connection_(std::move(connection)),
      pacer_(settings_.frame_rate) {}

Result<> Capture::look(const Features& features) {
  features_ = features;
  is_xwayland_ = MILLRACE_TRY(x11::is_xwayland(*connection_));
  view_ = MILLRACE_TRY(View::open(*connection_, features, settings_.target));
  damage_ = MILLRACE_TRY(Damage::create(*connection_, view_->window(), view_->damage_area()));
  if (settings_.cursor) pointer_ = MILLRACE_TRY(Pointer::create(*connection_));
  video_ = video_of(view_->area(), settings_.frame_rate);
  return {};
}

std::string Capture::what() const {
  return fmt::format("{} of {}", view_->what(), connection_->name());
}

Result<> Capture::bind(const Decision::Port& port, observe::Ledger& ledger) {
  if (port.layout.plane[0].stride != bytes_a_pixel * video_.width) {
    return fail(ErrorKind::internal, fmt::format("capture {}: planned with a stride of {}", what(),
                                                 port.layout.plane[0].stride));
  }
  pool_ = nullptr;
  pool_ = MILLRACE_TRY(AttachedPool::create(*connection_, port.pool));
  replace_pool_ = port.replace_pool;
  const InherentCopy copy = read_out_of(video_);
  ledger_ = &ledger;
  read_outs_ = &ledger.open(observe::MoveKind::inherent, copy.where, copy.why.raw, "X server");
  connection_->endure(settings_.patience, [this] { note_silence(); });
  return {};
}

void Capture::release() {
  notices_.tell_rest();
  pool_.reset();
}

Result<Ref<Buffer>> Capture::next(const std::stop_token& stop) {
  connection_->obey(stop);
  while (!closed_) {
    const Slot slot = pacer_.next(now());
    if (!sleep_until(slot.due, stop)) break;
    Ref<Buffer> frame = MILLRACE_TRY(serve(slot, stop));
    notices_.tell_due(now());
    if (was_silent() || !frame) continue;
    frame->timing.pts = slot.pts;
    frame->timing.duration = slot.duration;
    frame->timing.sequence = slot.number;
    frame->flags.late = is_late(slot, now());
    return frame;
  }
  return Ref<Buffer>();
}

/// Null when the slot is skipped, for want of a free buffer or because the picture kept going away,
/// and when there is nothing any more.
Result<Ref<Buffer>> Capture::serve(const Slot& slot, const std::stop_token& stop) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    MILLRACE_TRY(follow_view());
    if (closed_) return Ref<Buffer>();
    Result<Ref<Buffer>> frame = pool_->pool().acquire(stop, slot.due + slot.duration);
    if (!frame && frame.error().kind == ErrorKind::timeout) return Ref<Buffer>();
    if (!frame) return frame;
    const bool done = MILLRACE_TRY(read_out(**frame));
    if (done) return frame;
  }
  MILLRACE_TRY(check_refusals());
  return Ref<Buffer>();
}

/// What is resized without a rest may be another one at each attempt; but not forever.
Result<> Capture::check_refusals() {
  if (!refused_since_) refused_since_ = now();
  if (now() - *refused_since_ < settings_.patience) return {};
  return fail(ErrorKind::source_lost,
              fmt::format("read out {}: the X server has refused since {:g} s", what(),
                          seconds(settings_.patience)),
              "What was recorded until then is kept.");
}

Result<> Capture::follow_view() {
  hand_out_events();
  const View::Change change = MILLRACE_TRY(view_->follow());
  notices_.add(change.notice, now());
  closed_ = change.closed;
  MILLRACE_TRY(keep_last_picture());
  if (!change.redrawn) return {};
  redrawn_ = true;
  if (view_->damage_area()) {  // else it is the whole window's, whatever its size
    damage_ = MILLRACE_TRY(Damage::create(*connection_, view_->window(), view_->damage_area()));
  }
  return adapt_to_size();
}

Result<> Capture::keep_last_picture() {
  if (!view_->is_missing()) still_ = nullptr;
  if (!view_->is_missing() || still_) return {};
  const Area area = view_->area();
  still_ = MILLRACE_TRY(Still::create(*connection_, static_cast<uint16_t>(area.width),
                                      static_cast<uint16_t>(area.height), last_));
  if (!stills_) {
    stills_ = &ledger_->open(observe::MoveKind::inherent,
                             "X server: the last picture of what is gone, kept once each time",
                             "MIT-SHM: ShmPutImage copies a picture into a pixmap", "X server");
  }
  stills_->book(bytes_a_pixel * area.width * area.height);
  return {};
}

/// Buffers of the view's size, where it has another one now. Frames in flight keep theirs.
Result<> Capture::adapt_to_size() {
  const Area area = view_->area();
  const std::optional<VideoMeta>& has = pool_->pool().config().video;
  if (has && has->width == area.width && has->height == area.height) return {};
  if (!replace_pool_) {
    return fail(ErrorKind::source_lost,
                fmt::format("follow {} to its new size {}: what follows takes {}x{} only", what(),
                            size_text(area), video_.width, video_.height),
                "What was recorded until then is kept. Start again to record the new size.");
  }
  const Layout layout = MILLRACE_TRY(tight_layout(PixelFormat::bgrx, area.width, area.height));
  Ref<BufferPool> pool = MILLRACE_TRY(replace_pool_({area.width, area.height, layout}));
  last_.reset();
  pool_ = MILLRACE_TRY(AttachedPool::create(*connection_, std::move(pool)));
  return {};
}

/// False when what was to be read is not there any more.
Result<bool> Capture::read_out(Buffer& frame) {
  const bool written = MILLRACE_TRY(request(frame));
  bool distinct = MILLRACE_TRY(damage_->answer());
  if (pointer_ && view_->is_shown()) MILLRACE_TRY(pointer_->answer());
  if (!written) {
    redrawn_ = true;
    view_->doubt();
    return false;
  }
  frame.timing.captured = now();
  refused_since_.reset();
  read_outs_->book(bytes_a_pixel * frame.video()->width * frame.video()->height);
  if (still_) distinct = false;  // what is drawn meanwhile is not in it; the pointer is
  if (pointer_ && !still_) {
    const bool moved = MILLRACE_TRY(pointer_->draw(frame));
    distinct = distinct || moved;
  }
  distinct = std::exchange(redrawn_, false) || distinct;
  frame.flags.repeated = !distinct;
  return true;
}

/// Everything about one picture in one flight, answered when the pixels are there.
Result<bool> Capture::request(const Buffer& frame) {
  Area area = view_->area();
  const std::optional<xcb_shm_seg_t> segment = pool_->segment_of(frame.memory());
  if (!segment || !shows(frame, area)) {
    return fail(ErrorKind::internal, "read out " + what() + ": the buffer is none of its pool");
  }
  const uint64_t offset = place_of_plane(frame, 0).base;
  const Still::Picture picture{*segment, static_cast<uint32_t>(offset)};
  if (pointer_ && view_->is_shown()) {
    pointer_->ask(view_->window(), view_->origin());
  } else if (pointer_) {
    pointer_->leave();
  }
  damage_->ask();
  if (still_) area.x = area.y = 0;
  const xcb_shm_get_image_cookie_t asked =
      xcb_shm_get_image(connection_->wire(), still_ ? still_->drawable() : view_->drawable(),
                        static_cast<int16_t>(area.x), static_cast<int16_t>(area.y),
                        static_cast<uint16_t>(area.width), static_cast<uint16_t>(area.height),
                        all_planes, XCB_IMAGE_FORMAT_Z_PIXMAP, picture.segment, picture.offset);
  damage_->read_by(asked.sequence);
  const Response response = MILLRACE_TRY(connection_->wait(asked.sequence));
  hand_out_events();
  if (response.reply) last_ = picture;
  return response.reply != nullptr;
}

void Capture::hand_out_events() {
  while (const Owned<xcb_generic_event_t> event = connection_->next_event()) hand_out(*event);
}

void Capture::hand_out(const xcb_generic_event_t& event) {
  const int type = event.response_type & 0x7f;
  if (type == features_.damage_event + XCB_DAMAGE_NOTIFY) {
    damage_->note(event.full_sequence);
  } else if (type == features_.fixes_event + XCB_XFIXES_CURSOR_NOTIFY) {
    if (pointer_) pointer_->note_shape();
  } else {
    view_->note(event);
  }
}

void Capture::note_silence() {
  if (std::exchange(silent_, true)) return;
  notices_.add(
      {fmt::format("the X display {} has not answered for {:g} s: frames are skipped until "
                   "it does (a program may hold it by a grab)",
                   connection_->name(), seconds(settings_.patience)),
       {},
       {}},
      now());
}

/// True once after it has ended. What was asked for before is of no time: it is dropped.
bool Capture::was_silent() {
  if (!std::exchange(silent_, false)) return false;
  notices_.add({fmt::format("the X display {} answers again", connection_->name()), {}, {}}, now());
  redrawn_ = true;
  return true;
}

}  // namespace millrace::x11
