// SPDX-License-Identifier: MIT
#include "hw/vaapi/display.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <va/va_backend.h>
#include <va/va_drm.h>

#include "engine/base/log.h"
#include "hw/vaapi/device_less_display.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

// A driver that repeats itself while nobody asks is not kept word for word.
constexpr size_t most_words = 1000;

std::string_view without_newline(const char* message) {
  std::string_view text = message ? message : "";
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

void log_info(void*, const char* message) {
  log::debug("vaapi", without_newline(message));
}

// libva does not say which file it loaded, but one of the driver's functions does.
std::string path_of_driver(VADisplay display) {
  const auto* const driver = static_cast<VADisplayContextP>(display)->pDriverContext;
  Dl_info found{};
  if (driver->vtable == nullptr ||
      dladdr(reinterpret_cast<void*>(driver->vtable->vaTerminate), &found) == 0) {
    return {};
  }
  return found.dli_fname ? found.dli_fname : "";
}

std::string name_of_driver(const std::string& path) {
  constexpr std::string_view suffix = "_drv_video.so";
  std::string name = path.substr(path.find_last_of('/') + 1);
  if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

std::string search_path() {
  const char* const path = std::getenv("LIBVA_DRIVERS_PATH");
  return path ? path : "libva's own folder";
}

std::string name_for_people(const std::string& driver_name) {
  return driver_name.empty() ? "a VA driver" : "VA driver " + driver_name;
}

Result<UniqueFd> open_render_node(const std::string& node) {
  UniqueFd fd(::open(node.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) {
    const int error = errno;
    return fail_errno("open " + node, error,
                      error == EACCES || error == EPERM
                          ? "add the user to the group that owns the node (often 'render')"
                          : "");
  }
  return fd;
}

}  // namespace

Display::Display(std::string node, UniqueFd fd) : node_(std::move(node)), fd_(std::move(fd)) {}

// Kept rather than shown: libva says so of each driver that it merely tries, and whoever handles
// the failed call puts the words into its error.
void Display::hear_error(void* display, const char* message) {
  const std::string_view words = without_newline(message);
  log::debug("vaapi", words);
  auto& self = *static_cast<Display*>(display);
  const Lock lock(self.words_mutex_);
  if (self.words_.size() > most_words) return;
  if (!self.words_.empty()) self.words_ += "; ";
  self.words_ += words;
}

std::string Display::take_driver_words() const {
  const Lock lock(words_mutex_);
  return std::exchange(words_, {});
}

Display::~Display() {
  if (va_) vaTerminate(va_);
}

std::string Display::place() const {
  return node_.empty() ? "no device" : node_;
}

Result<std::shared_ptr<Display>> Display::open_node(const std::string& node,
                                                    const std::string& driver_name) {
  UniqueFd fd = MILLRACE_TRY(open_render_node(node));
  std::shared_ptr<Display> display(new Display(node, std::move(fd)));
  display->va_ = vaGetDisplayDRM(display->fd_.get());
  if (!display->va_) {
    return fail(ErrorKind::unavailable, "open " + node + " for VA-API: it is no DRM device",
                "name a render node such as /dev/dri/renderD128");
  }
  MILLRACE_TRY(display->initialise(driver_name));
  return display;
}

Result<std::shared_ptr<Display>> Display::open_without_device(const std::string& driver_name) {
  std::shared_ptr<Display> display(new Display({}, {}));
  display->device_less_ = std::make_unique<DeviceLessDisplay>(driver_name);
  display->va_ = &display->device_less_->display;
  MILLRACE_TRY(display->initialise(driver_name));
  return display;
}

Result<> Display::initialise(const std::string& driver_name) {
  vaSetErrorCallback(va_, hear_error, this);
  vaSetInfoCallback(va_, log_info, nullptr);
  if (!driver_name.empty()) {
    std::string name = driver_name;
    MILLRACE_TRY(check(vaSetDriverName(va_, name.data()), "choose VA driver " + driver_name));
  }
  int major = 0;
  int minor = 0;
  const VAStatus status = vaInitialize(va_, &major, &minor);
  if (status != VA_STATUS_SUCCESS) {
    std::string act =
        "load " + name_for_people(driver_name) + " for " + place() + " from " + search_path();
    const std::string words = take_driver_words();
    if (!words.empty()) act += " (" + words + ")";
    return fail(ErrorKind::unavailable, describe(act, status),
                "install the driver of the device; 'millrace probe' says what was found", status);
  }
  driver_path_ = path_of_driver(va_);
  driver_ = name_of_driver(driver_path_);
  const char* const vendor = vaQueryVendorString(va_);
  vendor_ = vendor ? vendor : driver_;
  log::debug("vaapi", "VA-API " + std::to_string(major) + "." + std::to_string(minor) + " on " +
                          place() + ": " + driver_path_ + ", " + vendor_);
  return {};
}

}  // namespace millrace::vaapi
