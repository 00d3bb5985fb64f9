// SPDX-License-Identifier: MIT
#include "hw/vaapi/encoder.h"

#include <chrono>
#include <utility>

#include "hw/vaapi/h264_params.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

// A device that is slower than this for one picture hangs.
constexpr std::chrono::seconds patience{10};

// Waits are cut into pieces, so that a wish to stop is heard.
constexpr uint64_t slice_ns = 100'000'000;

// One is the reference, `depth` may be under way, one is being written.
constexpr size_t reconstructed_count = H264Stream::reference_frames + Encoder::depth + 1;

/// Raw samples never take more than this, whatever the entropy coder does with them.
size_t coded_capacity(SurfaceSize size) {
  return size_t{3} * size.width * size.height + 65'536;
}

/// The failure of a call, with what the driver said about it.
Result<> check_spoken(const Display& display, VAStatus status, const char* act) {
  if (status == VA_STATUS_SUCCESS) return {};
  const std::string words = display.take_driver_words();
  std::string what = act;
  if (!words.empty()) what += " (the driver says: " + words + ")";
  return fail_status(what, status);
}

}  // namespace

Encoder::Encoder(EncodeSetup setup) : setup_(std::move(setup)) {}

// The context goes only when nothing is under way: Mesa would lose the output, and a driver may
// still read an input surface.
Encoder::~Encoder() {
  while (!is_empty() && !device_hangs_) {
    static_cast<void>(wait_for(oldest(), {}));
    --in_flight_;
  }
}

Result<std::unique_ptr<Encoder>> Encoder::create(EncodeSetup setup) {
  std::unique_ptr<Encoder> encoder(new Encoder(std::move(setup)));
  MILLRACE_TRY(encoder->allocate());
  return encoder;
}

Result<> Encoder::allocate() {
  const SharedDisplay& display = setup_.display;
  const SurfaceSize coded = setup_.coded_size();
  for (size_t i = 0; i < reconstructed_count; ++i) {
    reconstructed_.push_back(MILLRACE_TRY(create_own_surface(display, coded)));
  }
  context_ = MILLRACE_TRY(create_context(display, setup_.config, coded));
  coded_capacity_ = coded_capacity(coded);
  for (Slot& slot : slots_) {
    slot.coded = MILLRACE_TRY(
        create_coded_buffer(display, context_, static_cast<uint32_t>(coded_capacity_)));
  }
  const Lock lock(display->mutex());
  has_sync_buffer_ = vaSyncBuffer(display->va(), VA_INVALID_ID, 0) != VA_STATUS_ERROR_UNIMPLEMENTED;
  static_cast<void>(display->take_driver_words());  // the invalid id was ours
  return {};
}

bool Encoder::is_idr_due() const {
  const uint32_t period = setup_.stream.idr_period;
  return idr_due_ || !reference_ || (period != 0 && since_idr_ + 1 >= period);
}

Result<> Encoder::submit(VASurfaceID input, uint64_t tag) {
  const H264Picture picture = next_picture(last_, is_idr_due());
  Slot& slot = slots_[next_slot_];
  slot.input = input;
  PictureTargets targets{.reconstructed = reconstructed_[next_reconstructed_].id(),
                         .coded = slot.coded.id()};
  if (!picture.idr) targets.reference = reference_;
  last_ = picture;
  idr_due_ = true;  // unless all goes well
  Result<> started = start(slot, picture, targets);
  parameters_.clear();
  if (!started) return started;
  idr_due_ = false;
  rate_changed_ = false;
  since_idr_ = picture.idr ? 0 : since_idr_ + 1;
  reference_ = Reference{targets.reconstructed, picture};
  slot.tag = tag;
  slot.key = picture.idr;
  next_slot_ = (next_slot_ + 1) % depth;
  next_reconstructed_ = (next_reconstructed_ + 1) % reconstructed_.size();
  ++in_flight_;
  return {};
}

Result<> Encoder::start(const Slot& slot, const H264Picture& picture,
                        const PictureTargets& targets) {
  MILLRACE_TRY(create_buffers(picture, targets));
  return render(slot);
}

Result<> Encoder::create_buffers(const H264Picture& picture, const PictureTargets& targets) {
  buffers_.describe({.stream = setup_.stream,
                     .picture = picture,
                     .targets = targets,
                     .rate = setup_.rate,
                     .rate_changed = rate_changed_,
                     .packed_headers = setup_.packed_headers,
                     .quality_level = setup_.quality_level,
                     .access_unit_delimiter = setup_.settings.access_unit_delimiters,
                     .user_data = setup_.settings.user_data});
  for (const PictureBuffers::Entry& entry : buffers_.entries()) {
    parameters_.push_back(MILLRACE_TRY(
        create_parameter_buffer(setup_.display, context_, entry.type, buffers_.content(entry))));
  }
  return {};
}

Result<> Encoder::render(const Slot& slot) {
  const Display& display = *setup_.display;
  parameter_ids_.clear();
  for (const ParameterBuffer& buffer : parameters_) parameter_ids_.push_back(buffer.id());

  Result<> rendered;
  Result<> ended;
  {
    const Lock lock(display.mutex());
    MILLRACE_TRY(check_spoken(display, vaBeginPicture(display.va(), context_.id(), slot.input),
                              "vaBeginPicture"));
    rendered = check_spoken(display,
                            vaRenderPicture(display.va(), context_.id(), parameter_ids_.data(),
                                            static_cast<int>(parameter_ids_.size())),
                            "vaRenderPicture");
    // What was begun must be ended, also after a failure.
    ended = check_spoken(display, vaEndPicture(display.va(), context_.id()), "vaEndPicture");
  }
  if (rendered) return ended;
  if (ended) await_refused(slot);
  return rendered;
}

// A driver may code what it had taken before it refused: until then it reads the input, which the
// caller is about to reuse, and writes the coded buffer, which is the next picture's.
void Encoder::await_refused(const Slot& slot) {
  const Timestamp deadline = now() + patience;
  while (sync_surface(slot.input, slice_ns) == VA_STATUS_ERROR_TIMEDOUT) {
    device_hangs_ = now() > deadline;
    if (device_hangs_) return;
  }
  void* segments = nullptr;
  if (map_when_done(slot, &segments)) unmap(slot);
}

Result<CodedPicture> Encoder::collect(std::span<std::byte> out, const std::stop_token& stop) {
  const Slot& slot = oldest();
  MILLRACE_TRY(wait_for(slot, stop));
  CodedPicture picture{.tag = slot.tag, .key = slot.key};
  Result<CodedBytes> bytes = read(slot, out);
  --in_flight_;
  if (!bytes) {
    picture.dropped = bytes.error();
    chain_broken_ = true;
    idr_due_ = true;
    return picture;
  }
  if (slot.key) chain_broken_ = false;
  if (chain_broken_) {
    picture.dropped = Error{ErrorKind::internal, "the picture refers to one that was dropped"};
    return picture;
  }
  picture.size = bytes->size;
  picture.average_qp = bytes->average_qp;
  return picture;
}

// Without the display's lock, so that others may go on. A failure other than a timeout is not the
// last word: some drivers report here what only the map can tell.
Result<> Encoder::wait_for(const Slot& slot, const std::stop_token& stop) {
  const Timestamp deadline = now() + patience;
  while (sync_once(slot, slice_ns) == VA_STATUS_ERROR_TIMEDOUT) {
    if (stop.stop_requested()) {
      return fail(ErrorKind::cancelled, "wait for a coded picture: stopped");
    }
    if (now() > deadline) {
      device_hangs_ = true;
      return fail(ErrorKind::timeout, "wait for a coded picture: the device does not answer",
                  "look for GPU resets in the kernel's log");
    }
  }
  return {};
}

VAStatus Encoder::sync_once(const Slot& slot, uint64_t patience_ns) {
  if (has_sync_buffer_) {
    const VAStatus status = vaSyncBuffer(setup_.display->va(), slot.coded.id(), patience_ns);
    if (status == VA_STATUS_SUCCESS || status == VA_STATUS_ERROR_TIMEDOUT) return status;
  }
  return sync_surface(slot.input, patience_ns);
}

VAStatus Encoder::sync_surface(VASurfaceID surface, uint64_t patience_ns) {
  const VAStatus status = vaSyncSurface2(setup_.display->va(), surface, patience_ns);
  if (status != VA_STATUS_ERROR_UNIMPLEMENTED) return status;
  return vaSyncSurface(setup_.display->va(), surface);
}

Result<CodedBytes> Encoder::read(const Slot& slot, std::span<std::byte> out) {
  void* segments = nullptr;
  MILLRACE_TRY(map_when_done(slot, &segments));
  Result<CodedBytes> gathered =
      gather_segments(static_cast<const VACodedBufferSegment*>(segments), coded_capacity_, out);
  unmap(slot);
  return gathered;
}

Result<> Encoder::map_when_done(const Slot& slot, void** segments) {
  Result<> mapped = map(slot, segments);
  if (mapped) return mapped;
  // iHD may return from vaSyncBuffer before the picture is done; the surface knows better.
  const Timestamp deadline = now() + patience;
  while (sync_surface(slot.input, slice_ns) == VA_STATUS_ERROR_TIMEDOUT) {
    if (now() <= deadline) continue;
    device_hangs_ = true;
    break;
  }
  return map(slot, segments);
}

void Encoder::unmap(const Slot& slot) {
  const Lock lock(setup_.display->mutex());
  vaUnmapBuffer(setup_.display->va(), slot.coded.id());
}

Result<> Encoder::map(const Slot& slot, void** segments) {
  const Display& display = *setup_.display;
  const Lock lock(display.mutex());
  const VAStatus status = vaMapBuffer(display.va(), slot.coded.id(), segments);
  Result<> mapped = check_spoken(display, status, "map a coded picture (vaMapBuffer)");
  // Mesa leaves the buffer mapped when it reports a failed picture.
  if (!mapped) vaUnmapBuffer(display.va(), slot.coded.id());
  return mapped;
}

Result<> Encoder::change_bitrate(uint32_t bitrate, std::optional<uint32_t> max_bitrate) {
  if (!setup_.rate.has_bitrate()) {
    return fail(ErrorKind::usage, "change the bit rate: the encoder runs at constant QP",
                "encode in vbr or cbr");
  }
  EncoderSettings settings = setup_.settings;
  settings.rate_mode = setup_.rate.mode;
  settings.bitrate = bitrate;
  settings.max_bitrate = max_bitrate;
  setup_.rate = MILLRACE_TRY(choose_rate_control(settings, setup_.caps.rate_control.value));
  setup_.stream.peak_bits_per_second = setup_.rate.peak_bits_per_second;
  setup_.settings = std::move(settings);
  rate_changed_ = true;
  return {};
}

}  // namespace millrace::vaapi
