// SPDX-License-Identifier: MIT
// One VADisplay: a connection of libva to one driver, on a render node or on no device at all.
//
// The search path for drivers is libva's own (LIBVA_DRIVERS_PATH): only `main` sets it.
#pragma once

#include <memory>
#include <string>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace millrace::vaapi {

/// The name under which libva finds our software driver.
inline constexpr const char* software_driver = "millrace";

struct DeviceLessDisplay;

/// Thread-safe in that every caller of libva holds `mutex()`, but for the waits (vaSyncBuffer,
/// vaSyncSurface), which all drivers allow beside other calls. Config, Context, Surface and buffers
/// keep their Display alive; the driver is terminated after the last of them, and the node is
/// closed after that.
class MILLRACE_API Display {
 public:
  /// Opens `node` with the driver that libva chooses for it, or with the one of that name.
  static Result<std::shared_ptr<Display>> open_node(const std::string& node,
                                                    const std::string& driver_name = {});

  /// A display that stands on no device: only a driver in software can serve it.
  static Result<std::shared_ptr<Display>> open_without_device(const std::string& driver_name);

  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  [[nodiscard]] VADisplay va() const { return va_; }

  [[nodiscard]] Mutex& mutex() const { return mutex_; }

  /// "/dev/dri/renderD128"; empty without a device.
  [[nodiscard]] const std::string& node() const { return node_; }

  /// The driver that was loaded, by the name of its file: "iHD", "radeonsi", "millrace".
  [[nodiscard]] const std::string& driver() const { return driver_; }

  [[nodiscard]] const std::string& driver_path() const { return driver_path_; }

  [[nodiscard]] const std::string& vendor() const { return vendor_; }

  [[nodiscard]] bool is_software() const { return driver_ == software_driver; }

  /// The error messages of libva and the driver since they were last asked for.
  [[nodiscard]] std::string take_driver_words() const;

 private:
  Display(std::string node, UniqueFd fd);
  static void hear_error(void* display, const char* message);
  Result<> initialise(const std::string& driver_name);
  [[nodiscard]] std::string place() const;

  std::string node_;
  UniqueFd fd_;
  std::unique_ptr<DeviceLessDisplay> device_less_;
  VADisplay va_ = nullptr;
  mutable Mutex mutex_;
  mutable Mutex words_mutex_;
  mutable std::string words_ MILLRACE_GUARDED_BY(words_mutex_);
  std::string driver_;
  std::string driver_path_;
  std::string vendor_;
};

}  // namespace millrace::vaapi
