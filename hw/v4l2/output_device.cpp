// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_device.h"

#include <cerrno>
#include <cstring>

#include <linux/videodev2.h>

#include <fmt/format.h>

#include "engine/stages/paint.h"
#include "hw/v4l2/formats.h"

namespace millrace::v4l2 {
namespace {

/// The kernel promises a terminator; a driver may have forgotten it.
template <class Byte, size_t size>
std::string text_of(const Byte (&field)[size]) {
  const auto* const text = reinterpret_cast<const char*>(field);
  return {text, strnlen(text, size)};
}

Failure refuse_open(const std::string& path, int error_number) {
  const std::string act = "open the video device " + path;
  if (error_number == EBUSY) {
    return fail(ErrorKind::unavailable, act + ": another program uses it",
                "end the program; fuser " + path + " names it", error_number);
  }
  const bool denied = error_number == EACCES || error_number == EPERM;
  return fail_errno(act, error_number,
                    denied
                        ? "become a member of the group that owns it, mostly: sudo usermod -aG "
                          "video $USER; then log in again"
                        : "look at /dev/video* for what is there; modprobe v4l2loopback makes one");
}

Failure refuse_kind(const std::string& path, const std::string& why) {
  return fail(ErrorKind::usage, fmt::format("feed {}: {}", path, why),
              "name the output of a v4l2loopback device with -o, or a file");
}

/// Of this node; a driver may have several.
uint32_t abilities_of(const v4l2_capability& answer) {
  const bool by_node = (answer.capabilities & V4L2_CAP_DEVICE_CAPS) != 0;
  return by_node ? answer.device_caps : answer.capabilities;
}

/// https://github.com/v4l2loopback/v4l2loopback: of what was queued VIDIOC_DQBUF gives back the
/// newest, which is the one that readers are reading.
constexpr std::string_view loopback_driver = "v4l2 loopback";

std::string why_none_is_lent(const std::string& driver, uint32_t able) {
  if ((able & V4L2_CAP_STREAMING) == 0) return "the device lends no buffers";
  if (driver == loopback_driver) return "v4l2loopback gives buffers back that are still read";
  return {};
}

std::string remedy_for(const std::string& path, int error_number) {
  switch (error_number) {
    case ENODEV:
    case ENXIO:
      return "it was unplugged, or its module unloaded: bring it back, and start again";
    case EBUSY:
    case EINVAL:
      return "another program may feed it already: fuser " + path + " names it";
    default:
      return "look into dmesg for the driver's words";
  }
}

DeviceFacts facts_of(const std::string& path, const v4l2_capability& answer) {
  const uint32_t able = abilities_of(answer);
  DeviceFacts facts{.path = path, .driver = text_of(answer.driver), .card = text_of(answer.card)};
  facts.multi_planar = (able & V4L2_CAP_VIDEO_OUTPUT) == 0;
  facts.writes = (able & V4L2_CAP_READWRITE) != 0;
  facts.why_it_lends_none = why_none_is_lent(facts.driver, able);
  facts.lends = facts.why_it_lends_none.empty();
  facts.why = queried(fmt::format("VIDIOC_QUERYCAP: {}, {}, capabilities {:#010x}", facts.driver,
                                  facts.card, able));
  return facts;
}

/// A loopback device stops taking frames (exclusive_caps) while somebody feeds it.
Failure refuse_source(const DeviceFacts& facts) {
  if (facts.driver != loopback_driver) {
    return refuse_kind(facts.path, facts.card + " takes no frames, it only gives them");
  }
  return fail(ErrorKind::unavailable,
              fmt::format("feed {}: another program feeds {} already", facts.path, facts.card),
              "end the program; fuser " + facts.path + " names it");
}

bool is_even(uint32_t width, uint32_t height) {
  return width % 2 == 0 && height % 2 == 0;
}

bool can_hold(const VideoFormat& video) {
  const PixelFormatFacts& format = facts(video.format);
  return video.width % format.even_width == 0 && video.height % format.even_height == 0;
}

/// Whether the producer can make what was granted.
bool suits(const Grant& grant, const Wish& wish) {
  const VideoFormat& video = grant.video;
  const bool same = video.width == wish.video.width && video.height == wish.video.height;
  return same || (wish.scalable && is_even(video.width, video.height));
}

std::string picture_text(const VideoFormat& video) {
  return fmt::format("{} {}x{}", to_string(video.format), video.width, video.height);
}

}  // namespace

Result<std::shared_ptr<OutputDevice>> OutputDevice::open(const std::string& path, Syscalls& calls) {
  UniqueFd fd(calls.open(path));
  if (!fd) return refuse_open(path, errno);
  v4l2_capability answer{};
  if (calls.ioctl(fd.get(), VIDIOC_QUERYCAP, &answer) < 0) {
    if (errno == ENOTTY || errno == EINVAL) return refuse_kind(path, "it is no V4L2 device");
    return refuse_open(path, errno);
  }
  DeviceFacts facts = facts_of(path, answer);
  if ((abilities_of(answer) & (V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE)) == 0) {
    return refuse_source(facts);
  }
  if (!facts.writes && !facts.lends) {
    return refuse_kind(path, facts.card + " takes frames neither by write nor by streaming");
  }
  return std::shared_ptr<OutputDevice>(new OutputDevice(calls, std::move(fd), std::move(facts)));
}

Result<Grant> OutputDevice::try_format(const VideoFormat& video, uint32_t code) const {
  v4l2_format wire = describe_format(video, code, facts_.multi_planar);
  const int error_number = control(VIDIOC_TRY_FMT, &wire);
  if (error_number == 0) return read_format(wire, video, "VIDIOC_TRY_FMT");
  return fail_errno("VIDIOC_TRY_FMT of " + code_text(code), error_number);
}

Result<Grant> OutputDevice::choose(std::span<const Wish> wishes) const {
  std::string refused;
  for (const Wish& wish : wishes) {
    if (!can_hold(wish.video)) continue;
    for (const uint32_t code : codes_of(wish.video.format)) {
      Result<Grant> grant = try_format(wish.video, code);
      if (grant && suits(*grant, wish)) return grant;
      const std::string answer = grant ? grant->why.raw : grant.error().what;
      refused += fmt::format("{}{} ({})", refused.empty() ? "" : ", nor ", picture_text(wish.video),
                             answer);
    }
  }
  const std::string listed = listed_formats();
  return fail(ErrorKind::unavailable, fmt::format("feed {}: it does not take {}", name(), refused),
              (listed.empty() ? std::string() : "of what is known here it lists " + listed + ". ") +
                  "Choose a source of a format and a size that it takes, or set the device to "
                  "another picture");
}

Result<Grant> OutputDevice::set(const Grant& wanted) {
  if (set_ && set_->video == wanted.video) return *set_;
  v4l2_format wire = describe_format(wanted.video, wanted.code, facts_.multi_planar);
  const int error_number = is_busy() ? EBUSY : control(VIDIOC_S_FMT, &wire);
  if (error_number == EBUSY) {
    return fail(ErrorKind::unavailable, fmt::format("feed {}: another program uses it", name()),
                "end the program; fuser " + facts_.path + " names it", error_number);
  }
  if (error_number != 0) {
    return fail_errno(fmt::format("set {} to {}", name(), picture_text(wanted.video)),
                      error_number);
  }
  // v4l2loopback answers S_FMT with the size of its buffers, not of a picture.
  static_cast<void>(control(VIDIOC_G_FMT, &wire));
  Result<Grant> granted = read_format(wire, wanted.video, "VIDIOC_S_FMT, then VIDIOC_G_FMT");
  if (granted && granted->video == wanted.video) {
    set_ = *granted;
    return granted;
  }
  return fail(
      ErrorKind::unavailable,
      fmt::format("set {} to {}: {}, although it would take it", name(), picture_text(wanted.video),
                  granted ? granted->why.raw : granted.error().what),
      "end the programs that read from it, and try again");
}

// A device takes the format that it has from anybody; its buffers belong to one.
bool OutputDevice::is_busy() const {
  if (!facts_.lends) return false;
  v4l2_requestbuffers none{};
  none.memory = V4L2_MEMORY_MMAP;
  none.type = buffer_type();
  return control(VIDIOC_REQBUFS, &none) == EBUSY;
}

std::optional<Fraction> OutputDevice::set_rate(const Fraction& rate) const {
  v4l2_streamparm wire{};
  wire.type = buffer_type();
  if (control(VIDIOC_G_PARM, &wire) != 0) return std::nullopt;
  v4l2_outputparm& output = wire.parm.output;
  if ((output.capability & V4L2_CAP_TIMEPERFRAME) == 0) return std::nullopt;
  output.timeperframe = {static_cast<uint32_t>(rate.den), static_cast<uint32_t>(rate.num)};
  if (control(VIDIOC_S_PARM, &wire) != 0) return std::nullopt;
  if (output.timeperframe.numerator == 0 || output.timeperframe.denominator == 0) {
    return std::nullopt;
  }
  return Fraction{output.timeperframe.denominator, output.timeperframe.numerator};
}

int OutputDevice::control(unsigned long request, void* argument) const {
  return calls_.ioctl(fd(), request, argument) < 0 ? errno : 0;
}

Failure OutputDevice::lost(const std::string& act, int error_number) const {
  Error error = fail_errno(fmt::format("feed {}: {}", name(), act), error_number,
                           remedy_for(facts_.path, error_number))
                    .value();
  error.kind = ErrorKind::output_failed;
  return fail(std::move(error));
}

std::string OutputDevice::name() const {
  return facts_.card.empty() ? facts_.path : fmt::format("{} ({})", facts_.path, facts_.card);
}

uint32_t OutputDevice::buffer_type() const {
  return facts_.multi_planar ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT;
}

// Of those that could be made here.
std::string OutputDevice::listed_formats() const {
  constexpr uint32_t most = 256;
  std::string list;
  for (uint32_t index = 0; index < most; ++index) {
    v4l2_fmtdesc wire{};
    wire.index = index;
    wire.type = buffer_type();
    if (control(VIDIOC_ENUM_FMT, &wire) != 0) break;
    const std::optional<PixelFormat> format = format_of(wire.pixelformat);
    if (!format || !can_paint(*format)) continue;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", code_text(wire.pixelformat));
  }
  return list;
}

}  // namespace millrace::v4l2
