// SPDX-License-Identifier: MIT
// Where libva looks for drivers: the system's folders first, so that hardware wins, then the folder
// of our software driver, beside the program.
#pragma once

#include <string>

namespace millrace::app {

/// `users` (LIBVA_DRIVERS_PATH as found; empty: none) or else `system`, and behind it `own`.
[[nodiscard]] std::string driver_search_path(const std::string& users, const std::string& system,
                                             const std::string& own);

/// The folder of millrace_drv_video.so relative to the folder of the program: that of a build tree,
/// or that of an installation. Empty where there is none.
[[nodiscard]] std::string software_driver_folder(const std::string& program_folder);

/// Sets LIBVA_DRIVERS_PATH for this process. Call from `main` before any thread starts.
void set_driver_path();

}  // namespace millrace::app
