// SPDX-License-Identifier: MIT
// Event: stands for a device that is done with a buffer when the test says so.
#pragma once

#include <sys/eventfd.h>

#include <gtest/gtest.h>

#include "engine/base/unique_fd.h"
#include "engine/memory/fence.h"

namespace millrace {

class Event {
 public:
  /// One more fence that is signalled with the event.
  [[nodiscard]] Fence fence() const { return Fence(fd_.duplicate().take()); }

  void signal() const { EXPECT_EQ(eventfd_write(fd_.get(), 1), 0); }

 private:
  UniqueFd fd_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

}  // namespace millrace
