// SPDX-License-Identifier: MIT
// Messages: what the driver has to say, through the callbacks that libva gives it.
#pragma once

#include <string>

#include <va/va_backend.h>

namespace millrace::softva {

/// Thread-safe as far as the client's callbacks are. Lives as long as the display.
class Messages {
 public:
  explicit Messages(VADriverContextP context) : context_(context) {}

  void error(const std::string& text) const {
    if (context_->error_callback != nullptr) context_->error_callback(context_, line(text).c_str());
  }

  void info(const std::string& text) const {
    if (context_->info_callback != nullptr) context_->info_callback(context_, line(text).c_str());
  }

 private:
  static std::string line(const std::string& text) { return "millrace: " + text + "\n"; }

  VADriverContextP context_;
};

}  // namespace millrace::softva
