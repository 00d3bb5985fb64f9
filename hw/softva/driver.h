// SPDX-License-Identifier: MIT
// Driver: one display of one client, from vaInitialize to vaTerminate. Displays share nothing.
#pragma once

#include <atomic>
#include <memory>
#include <new>
#include <string>

#include <va/va_backend.h>

#include "engine/base/result.h"
#include "hw/softva/identity_log.h"
#include "hw/softva/knobs.h"
#include "hw/softva/messages.h"
#include "hw/softva/objects.h"

namespace millrace::softva {

/// Thread-safe.
struct Driver {
  Driver(VADriverContextP context, Knobs given_knobs, std::unique_ptr<IdentityLog> opened_log,
         std::string encoder_name);

  const Knobs knobs;
  const std::string encoder;  ///< libavcodec's name
  const std::string vendor;
  Messages messages;
  std::atomic<bool> told_of_export = false;  ///< whether the client knows what it gets
  std::atomic<uint32_t> imports = 0;         ///< so far: see the knob import-limit
  std::atomic<uint32_t> exports = 0;         ///< and export-limit
  std::atomic<uint32_t> image_unmaps = 0;    ///< and fail-unmap
  const std::unique_ptr<IdentityLog> log;
  Objects objects;  // Last: contexts use all of the above until they are gone.
};

/// Runs the body of an entry point: no exception reaches the client, and what was refused with a
/// text is told. `body` takes the Driver and gives a Result<>.
template <class Body>
VAStatus enter(VADriverContextP context, Body&& body) noexcept {
  try {
    Driver& driver = *static_cast<Driver*>(context->pDriverData);
    const Result<> result = body(driver);
    if (result) return VA_STATUS_SUCCESS;
    if (!result.error().what.empty()) driver.messages.error(result.error().what);
    return result.error().code;
  } catch (const std::bad_alloc&) {
    return VA_STATUS_ERROR_ALLOCATION_FAILED;
  } catch (...) {
    return VA_STATUS_ERROR_OPERATION_FAILED;
  }
}

}  // namespace millrace::softva
