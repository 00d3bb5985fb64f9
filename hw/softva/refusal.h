// SPDX-License-Identifier: MIT
// How the driver says no: an Error whose code is the VAStatus the client gets. Its text goes to the
// client's error callback; an empty text says that the status alone tells everything.
#pragma once

#include <string>
#include <utility>

#include <va/va.h>

#include "engine/base/result.h"

namespace millrace::softva {

[[nodiscard]] inline Failure refuse(VAStatus status, std::string what = {}) {
  return fail(ErrorKind::unavailable, std::move(what), {}, status);
}

}  // namespace millrace::softva
