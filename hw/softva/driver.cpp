// SPDX-License-Identifier: MIT
// The one symbol that libva looks for, and what it sets up.
#include "hw/softva/driver.h"

#include <atomic>
#include <cstdlib>
#include <utility>

#include "hw/softva/entries.h"
#include "hw/softva/h264_encoder.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

/// Only so that the ids of displays differ; there is nothing to look up.
uint32_t next_display() {
  static std::atomic<uint32_t> displays = 0;
  return displays++;
}

std::string vendor_string(const std::string& encoder, const Knobs& knobs) {
  std::string text = "Millrace software VA driver " MILLRACE_VERSION " (" + encoder + ")";
  if (!knobs.active.empty()) text += " [knobs: " + knobs.active + "]";
  return text;
}

Result<std::unique_ptr<Driver>> make_driver(VADriverContextP context) {
  // secure_getenv: a privileged program does not let its caller choose a log file.
  const char* const text = secure_getenv("MILLRACE_VA_KNOBS");
  Knobs knobs = MILLRACE_TRY(parse_knobs(text == nullptr ? "" : text));
  std::string encoder = choose_h264_encoder(knobs.encoder);
  if (encoder.empty())
    return refuse(VA_STATUS_ERROR_UNKNOWN,
                  "libavcodec has neither libx264 nor libopenh264: install one that has, such as "
                  "Debian's libavcodec");
  auto log = MILLRACE_TRY(IdentityLog::open(knobs.log_path));
  return std::make_unique<Driver>(context, std::move(knobs), std::move(log), std::move(encoder));
}

VAStatus terminate(VADriverContextP context) {
  delete static_cast<Driver*>(context->pDriverData);
  context->pDriverData = nullptr;
  return VA_STATUS_SUCCESS;
}

void describe(VADriverContextP context, const Driver& driver) {
  context->version_major = 1;
  context->version_minor = 0;
  context->max_profiles = 3;
  context->max_entrypoints = 1;
  context->max_attributes = 16;
  context->max_image_formats = 1;
  context->max_subpic_formats = 1;
  context->max_display_attributes = 0;
  context->str_vendor = driver.vendor.c_str();
}

VAStatus initialize(VADriverContextP context) {
  auto driver = make_driver(context);
  if (!driver) {
    Messages(context).error(driver.error().what);
    return driver.error().code;
  }
  VADriverVTable& table = *context->vtable;
  table.vaTerminate = terminate;
  add_config_entries(table);
  add_surface_entries(table);
  add_image_entries(table);
  add_buffer_entries(table);
  add_picture_entries(table);
  add_unimplemented_entries(table);
  describe(context, **driver);
  context->pDriverData = driver.take().release();
  return VA_STATUS_SUCCESS;
}

}  // namespace

Driver::Driver(VADriverContextP context, Knobs given_knobs, std::unique_ptr<IdentityLog> opened_log,
               std::string encoder_name)
    : knobs(std::move(given_knobs)),
      encoder(std::move(encoder_name)),
      vendor(vendor_string(encoder, knobs)),
      messages(context),
      log(std::move(opened_log)),
      objects(next_display(), knobs.ids_from_zero) {}

}  // namespace millrace::softva

// libva 2.x tries __vaDriverInit_1_N from its own minor version N down to 0, so 0 suits them all.
extern "C" __attribute__((visibility("default"))) VAStatus __vaDriverInit_1_0(
    VADriverContextP context) {
  try {
    return millrace::softva::initialize(context);
  } catch (const std::bad_alloc&) {
    return VA_STATUS_ERROR_ALLOCATION_FAILED;
  }
}
