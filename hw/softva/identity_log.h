// SPDX-License-Identifier: MIT
// IdentityLog: which memory the encoder read, one line a picture, for those who check that a frame
// arrived without a copy: `read DEVICE INODE OFFSET0 PITCH0 OFFSET1 PITCH1 imported|own|put`.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

/// Thread-safe. Without a path it logs nothing.
class IdentityLog {
 public:
  /// Appends to the file at `path`.
  static Result<std::unique_ptr<IdentityLog>> open(const std::string& path);

  void add(const Surface& surface);

 private:
  struct CloseFile {
    void operator()(FILE* file) const { fclose(file); }
  };

  Mutex mutex_;
  std::unique_ptr<FILE, CloseFile> file_;
};

}  // namespace millrace::softva
