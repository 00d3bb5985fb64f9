// SPDX-License-Identifier: MIT
// Recording: one run of `millrace record --json`, its summary taken apart.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/recording/program.h"
#include "tests/recording/temp_folder.h"

namespace millrace::recording {

struct Recording {
  Outcome outcome;
  std::string path;        ///< of the file, as asked for
  nlohmann::json summary;  ///< an object; empty where there was none

  /// The value at a JSON pointer of the summary; null where there is none.
  [[nodiscard]] nlohmann::json at(const std::string& pointer) const;
  [[nodiscard]] uint64_t count(const std::string& pointer) const;
  [[nodiscard]] std::string text(const std::string& pointer) const;

  /// The edge out of stage `from`; null where there is none.
  [[nodiscard]] nlohmann::json edge_from(const std::string& from) const;
};

struct Order {
  Words options;
  std::map<std::string, std::string> environment;
  std::string output = "out.mkv";
};

/// Records into `folder` with the software driver, whatever else is in the machine.
[[nodiscard]] Recording record(const TempFolder& folder, const Order& order);

/// It ended well, its file plays, and every number that was asked for is in the summary.
void expect_complete(const Recording& recording, uint64_t frames);

/// No frame was copied, every edge says so, and `transforms` conversions were made of each frame.
void expect_no_copy(const Recording& recording, uint64_t transforms);

/// Ended by itself with this code, and without a sanitizer's complaint.
void expect_exit(const Outcome& outcome, int code);

}  // namespace millrace::recording
