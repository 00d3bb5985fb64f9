// SPDX-License-Identifier: MIT
// CHECK and DCHECK: a promise of our own that is broken stops the program and names the place.
// What the world may do wrong (files, drivers, users) is never checked so: it is a Result.
#pragma once

#include "engine/base/export.h"

namespace millrace {

/// Prints "FILE:LINE: broken promise: WHAT" on stderr and aborts.
[[noreturn]] MILLRACE_API void check_failed(const char* file, int line, const char* what);

}  // namespace millrace

#define MILLRACE_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::millrace::check_failed(__FILE__, __LINE__, #condition))

#ifdef MILLRACE_DCHECKS
#define MILLRACE_DCHECK(condition) MILLRACE_CHECK(condition)
#else
#define MILLRACE_DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#endif
