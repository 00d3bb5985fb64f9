// SPDX-License-Identifier: MIT
#include "app/stop_signal.h"

#include <array>
#include <chrono>
#include <optional>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "engine/base/thread.h"
#include "engine/base/time.h"

namespace millrace::app {
namespace {

constexpr auto abort_window = std::chrono::seconds(3);

bool is_ignored(int number) {
  struct sigaction action {};

  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// A signal that is ignored must not be blocked: the kernel keeps blocked ones even so.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(number)) sigaddset(&set, number);
  }
  return set;
}

[[noreturn]] void die_by(int number) {
  signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  kill(getpid(), number);
  _exit(128 + number);
}

std::optional<int> next_signal(int fd) {
  signalfd_siginfo info{};
  if (read(fd, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace

BlockedSignals::BlockedSignals() {
  sigaction(SIGINT, nullptr, &interrupt_);
  sigaction(SIGTERM, nullptr, &terminate_);
  // A shell without job control starts background jobs with SIGINT ignored; whoever sends one to
  // a recorder means it.
  for (const int number : {SIGINT, SIGTERM}) signal(number, SIG_DFL);
  set_ = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set_, &mask_);
}

BlockedSignals::~BlockedSignals() {
  // Before they are let through: one that waits and was ignored must not end the process.
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

Result<std::unique_ptr<StopSignal>> StopSignal::create() {
  auto blocked = std::make_unique<BlockedSignals>();
  UniqueFd signals(signalfd(-1, &blocked->set(), SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return fail_errno("open a signalfd for the stop signals", errno);
  UniqueFd wake(eventfd(0, EFD_CLOEXEC));
  if (!wake) return fail_errno("open an eventfd for the stop signals", errno);
  return std::unique_ptr<StopSignal>(
      new StopSignal(std::move(blocked), std::move(signals), std::move(wake)));
}

StopSignal::StopSignal(std::unique_ptr<BlockedSignals> blocked, UniqueFd signals, UniqueFd wake)
    : blocked_(std::move(blocked)),
      signals_(std::move(signals)),
      wake_(std::move(wake)),
      thread_([this] { listen(); }) {}

StopSignal::~StopSignal() {
  const uint64_t one = 1;
  // An eventfd takes this as long as its counter has room.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  thread_.join();
}

std::stop_source StopSignal::current() const {
  const Lock lock(mutex_);
  return source_;
}

std::stop_token StopSignal::renew() {
  const Lock lock(mutex_);
  source_ = std::stop_source();
  return source_.get_token();
}

void StopSignal::listen() {
  name_this_thread("stop-signal");
  std::optional<Timestamp> last_interrupt;
  std::array<pollfd, 2> ready = {{{signals_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while (true) {
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[1].revents != 0) return;
    const std::optional<int> number = next_signal(signals_.get());
    if (!number) continue;
    if (*number == SIGINT) {
      if (last_interrupt && now() - *last_interrupt < abort_window) die_by(SIGINT);
      last_interrupt = now();
    }
    current().request_stop();
  }
}

}  // namespace millrace::app
