// SPDX-License-Identifier: MIT
#include "app/validation.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <stdlib.h>

#include "engine/base/unique_fd.h"

namespace millrace::app {
namespace {

constexpr const char* knobs_variable = "MILLRACE_VA_KNOBS";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

bool validation_is_asked() {
  return variable("MILLRACE_VALIDATE") == "1";
}

std::string log_knob(const std::string& knobs) {
  std::string_view rest = knobs;
  while (!rest.empty()) {
    const std::string_view knob = rest.substr(0, rest.find(','));
    if (knob.starts_with("log=")) return std::string(knob.substr(4));
    rest.remove_prefix(std::min(knob.size() + 1, rest.size()));
  }
  return {};
}

Result<DriverLog> DriverLog::ask_driver() {
  const std::string knobs = variable(knobs_variable);
  if (std::string named = log_knob(knobs); !named.empty())
    return DriverLog(std::move(named), false);
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) return fail_errno("find a folder for the driver's log", error.value(), "set TMPDIR");
  std::string path = (folder / "millrace-driver-XXXXXX").string();
  const UniqueFd made(::mkostemp(path.data(), O_CLOEXEC));
  if (!made) return fail_errno("make the driver's log " + path, errno, "set TMPDIR");
  DriverLog log(path, true);
  setenv(knobs_variable, (knobs.empty() ? "log=" + path : knobs + ",log=" + path).c_str(), 1);
  return log;
}

DriverLog::DriverLog(DriverLog&& other) noexcept
    : path_(std::move(other.path_)), ours_(std::exchange(other.ours_, false)) {}

DriverLog::~DriverLog() {
  if (ours_) ::unlink(path_.c_str());
}

}  // namespace millrace::app
