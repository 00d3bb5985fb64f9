// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/software_driver.h"

#include <cstdio>
#include <cstdlib>

namespace millrace::vaapi::testing {

Result<std::shared_ptr<Display>> open_software_driver(const std::string& knobs) {
  ::setenv("LIBVA_DRIVERS_PATH", MILLRACE_TEST_DRIVER_DIR, 1);
  ::setenv("MILLRACE_VA_KNOBS", knobs.c_str(), 1);
  return Display::open_without_device(vaapi::software_driver);
}

std::shared_ptr<Display> software_driver(const std::string& knobs) {
  Result<std::shared_ptr<Display>> opened = open_software_driver(knobs);
  if (opened) return opened.take();
  std::fprintf(stderr, "%s\n", opened.error().what.c_str());
  std::abort();
}

}  // namespace millrace::vaapi::testing
