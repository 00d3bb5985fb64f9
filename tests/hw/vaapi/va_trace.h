// SPDX-License-Identifier: MIT
// What libva itself saw of us: its own trace (LIBVA_TRACE), read call by call.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::vaapi::testing {

struct TracedCall {
  std::string name;  ///< "vaRenderPicture"
  bool succeeded = false;
  std::vector<std::pair<std::string, std::string>> fields;  ///< in order, names may repeat
  std::vector<std::string> marks;  ///< lines without a value: "--VAEncMiscParameterRateControl"

  /// The first field of that name.
  [[nodiscard]] std::optional<std::string> text(std::string_view field) const;
  /// The same as a number; decimal or 0x….
  [[nodiscard]] std::optional<unsigned long> number(std::string_view field) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view field) const;
  [[nodiscard]] bool has_mark(std::string_view mark) const;
};

/// Traces every display that is opened while it lives. libva 2.17 cannot trace one display of a
/// process and not the next: in a program with these, every display is opened under one.
class VaTrace {
 public:
  VaTrace();
  ~VaTrace();
  VaTrace(const VaTrace&) = delete;
  VaTrace& operator=(const VaTrace&) = delete;

  /// Everything so far, in order. Close the displays first: libva buffers what it writes.
  [[nodiscard]] std::vector<TracedCall> calls() const;

 private:
  std::filesystem::path folder_;
};

/// The calls of that name.
[[nodiscard]] std::vector<TracedCall> named(const std::vector<TracedCall>& calls,
                                            std::string_view name);

}  // namespace millrace::vaapi::testing
