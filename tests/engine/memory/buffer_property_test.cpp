// SPDX-License-Identifier: MIT
// Random sequences of operations on buffers, against a simple model. MILLRACE_LONG=1: many more.
#include <gtest/gtest.h>

#include "tests/engine/memory/buffer_machine.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

TEST(BufferProperty, random_operations_do_what_the_model_does) {
  const uint32_t seeds = test::in_long_form() ? 5000 : 20;
  for (uint32_t seed = 1; seed <= seeds; ++seed) {
    BufferMachine machine(seed);
    for (int step = 0; step < 500; ++step) {
      machine.step();
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace millrace
