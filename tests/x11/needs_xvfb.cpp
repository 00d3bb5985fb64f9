// SPDX-License-Identifier: MIT
// Every test of a program that has this file is skipped, and says so, where there is no Xvfb.
#include <gtest/gtest.h>

#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

class NeedsXvfb : public testing::Environment {
 public:
  void SetUp() override {
    // The mark is what ctest looks for; gtest leaves it out when an environment skips all.
    if (!has_xvfb()) GTEST_SKIP() << "[  SKIPPED ] no Xvfb here: install xvfb";
  }
};

const testing::Environment* const needs_xvfb = testing::AddGlobalTestEnvironment(new NeedsXvfb);

}  // namespace
}  // namespace millrace::x11::test
