// SPDX-License-Identifier: MIT
#include "hw/softva/identity_log.h"

#include <cinttypes>
#include <cstring>

#include <errno.h>

#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

const char* origin_of(const Surface& surface) {
  if (surface.origin() == Surface::Origin::imported) return "imported";
  return surface.was_put ? "put" : "own";
}

}  // namespace

Result<std::unique_ptr<IdentityLog>> IdentityLog::open(const std::string& path) {
  auto log = std::make_unique<IdentityLog>();
  if (path.empty()) return log;
  log->file_.reset(fopen(path.c_str(), "ae"));
  if (!log->file_)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "open the identity log " + path + ": " + strerrordesc_np(errno));
  return log;
}

void IdentityLog::add(const Surface& surface) {
  if (!file_) return;
  const FileNumbers file = surface.plane(0).memory->file();
  Lock lock(mutex_);
  fprintf(file_.get(), "read %" PRIu64 " %" PRIu64 " %zu %zu %zu %zu %s\n", file.device, file.inode,
          surface.plane(0).offset, surface.plane(0).pitch, surface.plane(1).offset,
          surface.plane(1).pitch, origin_of(surface));
  fflush(file_.get());
}

}  // namespace millrace::softva
