// SPDX-License-Identifier: MIT
#include "engine/memory/fence.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>

#include <poll.h>

#include <fmt/format.h>
#include <time.h>

namespace millrace {
namespace {

/// What is left until `deadline`; none for one that never comes.
std::optional<timespec> time_until(Timestamp deadline) {
  if (deadline == Timestamp::max()) return std::nullopt;
  const Timestamp start = now();
  const Duration left = std::max(deadline, start) - start;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return timespec{.tv_sec = static_cast<time_t>(seconds.count()),
                  .tv_nsec = static_cast<long>((left - seconds).count())};
}

/// More than 0 once the descriptor is readable or broken, 0 at the deadline, less for an error.
int poll_until(int fd, Timestamp deadline) {
  pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
  int ready = 0;
  do {
    const std::optional<timespec> left = time_until(deadline);
    ready = ppoll(&entry, 1, left ? &*left : nullptr, nullptr);
  } while (ready < 0 && errno == EINTR);
  return ready;
}

}  // namespace

bool Fence::is_signalled() const {
  return !fd_ || poll_until(fd_.get(), Timestamp::min()) > 0;
}

Result<> Fence::wait(Timestamp deadline) const {
  if (!fd_) return {};
  const int ready = poll_until(fd_.get(), deadline);
  if (ready < 0) return fail_errno(fmt::format("wait for the fence of fd {}", fd_.get()), errno);
  if (ready == 0) {
    return fail(ErrorKind::timeout,
                fmt::format("wait for the fence of fd {}: not signalled in time", fd_.get()),
                "Look for the device that does not finish its work on this buffer.");
  }
  return {};
}

Result<Fence> Fence::duplicate() const {
  if (!fd_) return Fence();
  return Fence(MILLRACE_TRY(fd_.duplicate()));
}

void FenceList::add(Fence fence) {
  if (fence.fd() >= 0) fences_.push_back(std::move(fence));
}

void FenceList::take(FenceList& other) {
  std::ranges::move(other.fences_, std::back_inserter(fences_));
  other.fences_.clear();
}

bool FenceList::all_signalled() const {
  return std::ranges::all_of(fences_, &Fence::is_signalled);
}

Result<> FenceList::wait(Timestamp deadline) const {
  for (size_t index = 0; index < fences_.size(); ++index) {
    Result<> waited = fences_[index].wait(deadline);
    if (waited) continue;
    return fail(
        waited.error().while_doing(fmt::format("fence {} of {}", index + 1, fences_.size())));
  }
  return {};
}

}  // namespace millrace
