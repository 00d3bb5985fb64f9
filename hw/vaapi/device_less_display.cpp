// SPDX-License-Identifier: MIT
// libva's public headers describe the two contexts but give no constructor. What libva 2.17 and its
// successors call in them differs, so every hook that one of them calls unguarded is set:
// vaIsValid (until 2.17), vaGetNumCandidates with vaGetDriverNameByIndex (until 2.19), and
// vaGetDriverNames (since), which took the first of the reserved words of the older struct.
#include "hw/vaapi/device_less_display.h"

#include <cstring>
#include <utility>

#include <string.h>

namespace millrace::vaapi {
namespace {

const DeviceLessDisplay& owner_of(VADisplayContextP context) {
  return *static_cast<const DeviceLessDisplay*>(context->opaque);
}

int is_valid(VADisplayContextP context) {
  return context != nullptr && context->pDriverContext != nullptr ? 1 : 0;
}

// The owner frees all; libva calls this last in vaTerminate.
void destroy(VADisplayContextP) {}

VAStatus driver_name_of(VADisplayContextP context, char** name) {
  *name = strdup(owner_of(context).driver_name.c_str());  // libva frees it
  return *name ? VA_STATUS_SUCCESS : VA_STATUS_ERROR_ALLOCATION_FAILED;
}

VAStatus count_candidates(VADisplayContextP, int* count) {
  *count = 1;
  return VA_STATUS_SUCCESS;
}

VAStatus candidate_name(VADisplayContextP context, char** name, int index) {
  return index == 0 ? driver_name_of(context, name) : VA_STATUS_ERROR_INVALID_PARAMETER;
}

VAStatus all_names(VADisplayContextP context, char** names, unsigned* count) {
  if (*count == 0) return VA_STATUS_ERROR_INVALID_PARAMETER;
  *count = 1;
  return driver_name_of(context, names);
}

// A driver may call the callbacks of its own context without looking; they lead on to those that
// vaSetErrorCallback and vaSetInfoCallback set on the display.
void pass_error_on(VADriverContextP driver, const char* message) {
  auto* const display = static_cast<VADisplayContextP>(driver->pDisplayContext);
  if (display->error_callback) {
    display->error_callback(display->error_callback_user_context, message);
  }
}

void pass_info_on(VADriverContextP driver, const char* message) {
  auto* const display = static_cast<VADisplayContextP>(driver->pDisplayContext);
  if (display->info_callback) display->info_callback(display->info_callback_user_context, message);
}

void discard(void*, const char*) {}

template <class Context>
void set_validity_hook(Context& context) {
  if constexpr (requires { context.vaIsValid; }) context.vaIsValid = is_valid;
}

template <class Context>
void set_names_hook(Context& context) {
  if constexpr (requires { context.vaGetDriverNames; }) {
    context.vaGetDriverNames = all_names;
  } else {
    // Built with an old header, run on a new library.
    static_assert(sizeof(&all_names) == sizeof(context.reserved[0]));
    const auto hook = &all_names;
    std::memcpy(&context.reserved[0], &hook, sizeof hook);
  }
}

}  // namespace

DeviceLessDisplay::DeviceLessDisplay(std::string name) : driver_name(std::move(name)) {
  drm.fd = -1;
  drm.auth_type = VA_DRM_AUTH_CUSTOM;
  driver.display_type = VA_DISPLAY_DRM_RENDERNODES;
  driver.drm_state = &drm;
  driver.pDisplayContext = &display;
  driver.error_callback = pass_error_on;
  driver.info_callback = pass_info_on;
  display.vadpy_magic = VA_DISPLAY_MAGIC;
  display.pDriverContext = &driver;
  display.opaque = this;
  display.vaDestroy = destroy;
  display.vaGetDriverName = driver_name_of;
  display.vaGetNumCandidates = count_candidates;
  display.vaGetDriverNameByIndex = candidate_name;
  display.error_callback = discard;
  display.info_callback = discard;
  set_validity_hook(display);
  set_names_hook(display);
}

}  // namespace millrace::vaapi
