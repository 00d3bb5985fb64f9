// SPDX-License-Identifier: MIT
#include "hw/avformat/disk_space.h"

#include <algorithm>

#include <sys/statvfs.h>

#include "engine/base/checked.h"

namespace millrace::avformat {
namespace {

constexpr Duration look_every = std::chrono::milliseconds(250);
constexpr uint64_t look_after_bytes = 4 << 20;

std::optional<uint64_t> available(const struct statvfs& system) {
  if (system.f_blocks == 0) return std::nullopt;
  return checked_mul<uint64_t>(system.f_bavail, system.f_frsize).value_or(UINT64_MAX);
}

}  // namespace

std::optional<uint64_t> free_bytes(int fd) {
  struct statvfs system {};

  return ::fstatvfs(fd, &system) == 0 ? available(system) : std::nullopt;
}

std::optional<uint64_t> free_bytes(const std::string& path) {
  struct statvfs system {};

  return ::statvfs(path.c_str(), &system) == 0 ? available(system) : std::nullopt;
}

std::optional<uint64_t> SpaceWatch::short_of(int fd, uint64_t written) {
  if (least_ == 0) return std::nullopt;
  unseen_ += written;
  // A small reserve must not be written full between two looks.
  const bool due = unseen_ >= std::min(look_after_bytes, least_ / 4);
  if (!due && now() - looked_ < look_every) return std::nullopt;
  unseen_ = 0;
  looked_ = now();
  const std::optional<uint64_t> left = free_bytes(fd);
  return left && *left < least_ ? left : std::nullopt;
}

}  // namespace millrace::avformat
