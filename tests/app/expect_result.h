// SPDX-License-Identifier: MIT
// What tests of fallible functions look at: the value, or the words of the error.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "engine/base/result.h"

namespace millrace::app {

/// The value of a success; a failed expectation and an empty value otherwise.
template <class T>
T value_of(Result<T> result) {
  if (result) return result.take();
  ADD_FAILURE() << "unexpected error: " << result.error().what;
  return T{};
}

/// The error of a failure; a failed expectation and an empty error otherwise.
template <class T>
Error error_of(const Result<T>& result) {
  if (!result) return result.error();
  ADD_FAILURE() << "unexpected success";
  return {};
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace millrace::app

#define EXPECT_HAS(text, part) \
  EXPECT_TRUE(::millrace::app::has((text), (part))) << "in: " << (text) << "\nmissing: " << (part)
