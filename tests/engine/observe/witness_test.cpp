// SPDX-License-Identifier: MIT
#include "engine/observe/witness.h"

#include <gtest/gtest.h>

namespace millrace::observe::witness {
namespace {

TEST(Witness, without_one_every_call_is_harmless_and_nothing_is_counted) {
  if (present()) GTEST_SKIP() << "a witness is preloaded";
  const int frame = 0;
  frame_memory_mapped(&frame, sizeof(frame));
  enter_transform();
  leave_transform();
  frame_memory_unmapped(&frame);
  EXPECT_EQ(bytes_read(), 0U);
}

}  // namespace
}  // namespace millrace::observe::witness
