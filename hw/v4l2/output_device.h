// SPDX-License-Identifier: MIT
// OutputDevice: a V4L2 device that takes frames, such as v4l2loopback's or a video output, asked
// what it takes and set to it.
// https://docs.kernel.org/userspace-api/media/v4l/dev-output.html
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/unique_fd.h"
#include "hw/v4l2/syscalls.h"
#include "hw/v4l2/wire_format.h"

namespace millrace::v4l2 {

/// What the device says of itself.
struct DeviceFacts {
  std::string path;
  std::string driver;  ///< "v4l2 loopback"
  std::string card;    ///< "Dummy video device (0x0000)"
  bool multi_planar = false;
  bool writes = false;            ///< takes frames by write(2)
  bool lends = false;             ///< has buffers that frames can be written into
  std::string why_it_lends_none;  ///< one sentence
  Provenance why;                 ///< the call and its answer
};

/// A picture that could be fed to it.
struct Wish {
  VideoFormat video;
  bool scalable = false;  ///< can be made in another even size
};

/// `set` and `choose` are confined; the rest is const.
class MILLRACE_API OutputDevice {
 public:
  /// Errors: `unavailable` for what is not there or busy, `denied`, `usage` for what takes no
  /// frames. `calls` outlives the device.
  [[nodiscard]] static Result<std::shared_ptr<OutputDevice>> open(const std::string& path,
                                                                  Syscalls& calls = kernel());

  /// The first wish that the device would take (VIDIOC_TRY_FMT); nothing is set yet. Errors:
  /// `unavailable`, with every answer.
  [[nodiscard]] Result<Grant> choose(std::span<const Wish> wishes) const;

  /// Sets the device to `wanted`; does nothing where it is set so already. The answer may have
  /// another layout. Errors: `unavailable` for another picture, or where somebody else feeds it.
  [[nodiscard]] Result<Grant> set(const Grant& wanted);

  /// The rate that the device then has; nothing where it has none of its own.
  [[nodiscard]] std::optional<Fraction> set_rate(const Fraction& rate) const;

  /// A call on the open device: 0, or the error number.
  [[nodiscard]] int control(unsigned long request, void* argument) const;

  /// The error of a device that failed while it ran: "feed /dev/video9 (Dummy): …".
  [[nodiscard]] Failure lost(const std::string& act, int error_number) const;

  /// "/dev/video9 (Dummy video device)".
  [[nodiscard]] std::string name() const;

  [[nodiscard]] const DeviceFacts& facts() const { return facts_; }

  [[nodiscard]] uint32_t buffer_type() const;

  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] Syscalls& calls() const { return calls_; }

 private:
  OutputDevice(Syscalls& calls, UniqueFd fd, DeviceFacts facts)
      : calls_(calls), fd_(std::move(fd)), facts_(std::move(facts)) {}

  [[nodiscard]] Result<Grant> try_format(const VideoFormat& video, uint32_t code) const;
  [[nodiscard]] std::string listed_formats() const;
  [[nodiscard]] bool is_busy() const;

  Syscalls& calls_;
  const UniqueFd fd_;
  const DeviceFacts facts_;
  std::optional<Grant> set_;
};

}  // namespace millrace::v4l2
