// SPDX-License-Identifier: MIT
// Validate mode (MILLRACE_VALIDATE=1): the run proves what it says about copies. The software VA
// driver takes part by logging what it reads; this is where it is asked to.
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"

namespace millrace::app {

[[nodiscard]] bool validation_is_asked();

/// Owns the file that the driver logs to while the run lasts.
class DriverLog {
 public:
  /// Adds `log=` to MILLRACE_VA_KNOBS, or takes the file that is named there already. Call before a
  /// display is opened and while there is one thread only.
  [[nodiscard]] static Result<DriverLog> ask_driver();

  DriverLog(DriverLog&& other) noexcept;
  DriverLog& operator=(DriverLog&&) = delete;
  ~DriverLog();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  DriverLog(std::string path, bool ours) : path_(std::move(path)), ours_(ours) {}

  std::string path_;
  bool ours_;  ///< to be removed
};

/// The value of `log=` in the text of MILLRACE_VA_KNOBS; empty without one.
[[nodiscard]] std::string log_knob(const std::string& knobs);

}  // namespace millrace::app
