// SPDX-License-Identifier: MIT
// A VA display made by hand, for machines without a DRM node, on which libva loads the software
// driver of this build.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <va/va_backend.h>

namespace millrace::softva_test {

struct DisplayOptions {
  std::string knobs;          ///< MILLRACE_VA_KNOBS
  bool has_drm_state = true;  ///< with fd -1
};

/// Initialised on construction, terminated on destruction.
class Display {
 public:
  explicit Display(const DisplayOptions& options = {});

  explicit Display(const std::string& knobs) : Display(DisplayOptions{knobs, true}) {}

  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  /// What vaInitialize answered.
  [[nodiscard]] VAStatus status() const { return status_; }

  [[nodiscard]] VADisplay get() const;

  /// For the entries of libva that it keeps to itself.
  [[nodiscard]] VADriverContextP driver() const;

  [[nodiscard]] std::string vendor() const { return vaQueryVendorString(get()); }

  /// vaTerminate before the destructor would.
  void terminate();

  /// All that came through both message callbacks.
  [[nodiscard]] std::string messages() const;

 private:
  struct Parts;

  std::unique_ptr<Parts> parts_;
  VAStatus status_ = VA_STATUS_ERROR_UNKNOWN;
  bool terminated_ = false;
};

}  // namespace millrace::softva_test
