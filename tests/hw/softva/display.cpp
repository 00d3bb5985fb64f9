// SPDX-License-Identifier: MIT
#include "tests/hw/softva/display.h"

#include <cstdlib>
#include <cstring>
#include <mutex>

#include <va/va_backend.h>
#include <va/va_drmcommon.h>

namespace millrace::softva_test {

struct Display::Parts {
  VADriverContext driver = {};
  VADisplayContext display = {};
  drm_state drm = {};
  std::mutex mutex;
  std::string messages;
};

namespace {

int is_valid(VADisplayContextP) {
  return 1;
}

void keep(VADisplayContextP) {}

VAStatus count_candidates(VADisplayContextP, int* count) {
  *count = 1;
  return VA_STATUS_SUCCESS;
}

VAStatus name_driver(VADisplayContextP, char** name) {
  *name = strdup("millrace");
  return VA_STATUS_SUCCESS;
}

VAStatus name_candidate(VADisplayContextP display, char** name, int) {
  return name_driver(display, name);
}

/// libva and the driver read the environment inside vaInitialize.
std::mutex environment;

}  // namespace

Display::Display(const DisplayOptions& options) : parts_(std::make_unique<Parts>()) {
  VADriverContext& driver = parts_->driver;
  VADisplayContext& display = parts_->display;
  driver.pDisplayContext = &display;
  driver.display_type = VA_DISPLAY_DRM;
  parts_->drm.fd = -1;
  if (options.has_drm_state) driver.drm_state = &parts_->drm;
  display.vadpy_magic = VA_DISPLAY_MAGIC;
  display.pDriverContext = &driver;
  display.vaIsValid = is_valid;
  display.vaDestroy = keep;
  display.vaGetDriverName = name_driver;
  display.vaGetNumCandidates = count_candidates;
  display.vaGetDriverNameByIndex = name_candidate;
  const auto remember = [](void* user, const char* text) {
    auto& parts = *static_cast<Parts*>(user);
    const std::lock_guard lock(parts.mutex);
    parts.messages += text;
  };
  vaSetErrorCallback(&display, remember, parts_.get());
  vaSetInfoCallback(&display, remember, parts_.get());
  const auto driver_remember = [](VADriverContextP context, const char* text) {
    auto* const shown = static_cast<VADisplayContextP>(context->pDisplayContext);
    shown->error_callback(shown->error_callback_user_context, text);
  };
  driver.error_callback = driver_remember;
  driver.info_callback = driver_remember;

  const std::lock_guard lock(environment);
  setenv("LIBVA_DRIVERS_PATH", MILLRACE_TEST_DRIVER_DIR, 1);
  setenv("LIBVA_DRIVER_NAME", "millrace", 1);
  setenv("MILLRACE_VA_KNOBS", options.knobs.c_str(), 1);
  int major = 0;
  int minor = 0;
  status_ = vaInitialize(get(), &major, &minor);
}

Display::~Display() {
  terminate();
}

void Display::terminate() {
  if (!terminated_) vaTerminate(get());  // Also after a failure: libva's tables are freed by it.
  terminated_ = true;
}

VADisplay Display::get() const {
  return &parts_->display;
}

VADriverContextP Display::driver() const {
  return &parts_->driver;
}

std::string Display::messages() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->messages;
}

}  // namespace millrace::softva_test
