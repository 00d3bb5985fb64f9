// SPDX-License-Identifier: MIT
#include "engine/memory/fence_watcher.h"

#include <array>
#include <csignal>
#include <memory>
#include <thread>

#include <sys/epoll.h>
#include <system_error>

#include "engine/base/recycler.h"
#include "engine/base/thread.h"

namespace millrace {

struct FenceWatcher::Watch : Recycled {
  Watch(const FenceList& list, const Then& what) : fences(list), then(what) {}

  const FenceList& fences;
  Then then;
  size_t next = 0;  ///< those before it are signalled
};

FenceWatcher& FenceWatcher::of_the_process() {
  static FenceWatcher* const watcher = new FenceWatcher;
  return *watcher;
}

FenceWatcher::FenceWatcher() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) return;
  // Signals are for the program's own threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([this] { run(); }).detach();
  } catch (const std::system_error&) {
    epoll_.reset();  // no thread to be had: whoever gives a buffer back waits
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool FenceWatcher::watch(const FenceList& fences, const Then& then) noexcept {
  if (!epoll_) return false;
  auto watch = std::make_unique<Watch>(fences, then);
  if (!watch_next(*watch)) return false;
  static_cast<void>(watch.release());  // the thread has it
  return true;
}

/// Once it is watched, the thread may be done with it before this returns.
bool FenceWatcher::watch_next(Watch& watch) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.ptr = &watch;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, watch.fences[watch.next].fd(), &event) == 0;
}

void FenceWatcher::run() noexcept {
  name_this_thread("fences");
  std::array<epoll_event, 16> events;
  for (;;) {
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    for (int at = 0; at < count; ++at) {
      go_on(static_cast<Watch*>(events[static_cast<size_t>(at)].data.ptr));
    }
  }
}

void FenceWatcher::go_on(Watch* watch) noexcept {
  const FenceList& fences = watch->fences;
  // Its descriptor may have duplicates, which would keep it here when it is closed.
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fences[watch->next].fd(), nullptr);
  while (++watch->next < fences.size()) {
    if (fences[watch->next].is_signalled()) continue;
    if (watch_next(*watch)) return;
    static_cast<void>(fences[watch->next].wait());
  }
  const Then then = watch->then;
  delete watch;
  then.call(then.subject);
}

}  // namespace millrace
