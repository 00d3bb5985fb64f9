// SPDX-License-Identifier: MIT
// Comparison remembers the first of many values that is not what it should be.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {

class Comparison {
 public:
  /// `subject` begins the message: "packed SPS".
  explicit Comparison(const char* subject) : subject_(subject) {}

  void same(const char* name, int64_t found, int64_t expected) {
    if (found == expected || !difference_.empty()) return;
    difference_ = std::string(subject_) + ": " + name + " is " + std::to_string(found) + ", not " +
                  std::to_string(expected);
  }

  void holds(const char* what, bool is_so) {
    if (is_so || !difference_.empty()) return;
    difference_ = std::string(subject_) + ": expected that " + what;
  }

  [[nodiscard]] Result<> result() const {
    if (difference_.empty()) return {};
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, difference_);
  }

 private:
  const char* subject_;
  std::string difference_;
};

}  // namespace millrace::softva
