// SPDX-License-Identifier: MIT
#include "app/driver_path.h"

#include <cstdlib>
#include <filesystem>

namespace millrace::app {
namespace {

namespace fs = std::filesystem;

std::string program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? std::string() : program.parent_path().string();
}

}  // namespace

std::string driver_search_path(const std::string& users, const std::string& system,
                               const std::string& own) {
  const std::string& first = users.empty() ? system : users;
  if (own.empty()) return first;
  return first.empty() ? own : first + ":" + own;
}

std::string software_driver_folder(const std::string& program_folder) {
  for (const char* relative : {"../lib/dri", "../" MILLRACE_LIBDIR "/dri"}) {
    const fs::path folder = (fs::path(program_folder) / relative).lexically_normal();
    std::error_code error;
    if (fs::exists(folder / "millrace_drv_video.so", error)) return folder.string();
  }
  return {};
}

void set_driver_path() {
  const char* users = std::getenv("LIBVA_DRIVERS_PATH");
  const std::string path = driver_search_path(users ? users : "", MILLRACE_SYSTEM_DRIVERS,
                                              software_driver_folder(program_folder()));
  setenv("LIBVA_DRIVERS_PATH", path.c_str(), 1);
}

}  // namespace millrace::app
