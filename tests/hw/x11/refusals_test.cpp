// SPDX-License-Identifier: MIT
// What cannot be captured is refused by name, with a reason and a remedy, before anything starts.
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/hw/x11/captured.h"
#include "tests/x11/desk.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

Error error_of(const SourceSettings& settings) {
  const auto source = Source::open(settings);
  EXPECT_FALSE(source);
  return source ? Error{} : source.error();
}

void expect_refused(const SourceSettings& settings, ErrorKind kind, const std::string& reason) {
  const Error error = error_of(settings);
  EXPECT_EQ(error.kind, kind) << error.what;
  EXPECT_NE(error.what.find(reason), std::string::npos) << error.what;
  EXPECT_FALSE(error.remedy.empty()) << error.what;
}

/// Listens under a display's name, where no file is left behind, and closes whatever comes.
class ServerThatHangsUp {
 public:
  ServerThatHangsUp() : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // Abstract: after a null byte.
    const std::string path = "/tmp/.X11-unix/X" + std::to_string(number_);
    path.copy(address.sun_path + 1, path.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + path.size());
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(socket_.get(), 4) != 0) {
      throw std::runtime_error("cannot listen as " + display());
    }
    thread_ = std::jthread([this] {
      for (;;) {
        const UniqueFd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) return;
        ++calls_;
      }
    });
  }

  ~ServerThatHangsUp() { ::shutdown(socket_.get(), SHUT_RDWR); }  // ends the wait for clients

  ServerThatHangsUp(const ServerThatHangsUp&) = delete;
  ServerThatHangsUp& operator=(const ServerThatHangsUp&) = delete;

  [[nodiscard]] std::string display() const { return ":" + std::to_string(number_); }

  [[nodiscard]] int calls() const { return calls_; }

 private:
  const int number_ = 20'000 + static_cast<int>(::getpid() % 10'000);
  UniqueFd socket_;
  std::atomic<int> calls_{0};
  std::jthread thread_;
};

TEST(X11Refusal, of_a_display_that_is_not_there) {
  expect_refused(settings_for(":4711"), ErrorKind::unavailable, ":4711");
  expect_refused(settings_for("nonsense"), ErrorKind::unavailable, "nonsense");
}

TEST(X11Refusal, of_a_screen_that_the_display_does_not_have) {
  const Xvfb xvfb("320x240x24");
  expect_refused(settings_for(xvfb.display() + ".7"), ErrorKind::unavailable, "no screen");
}

TEST(X11Refusal, of_a_server_that_hangs_up_comes_after_a_second_attempt) {
  ServerThatHangsUp server;
  expect_refused(settings_for(server.display()), ErrorKind::unavailable, server.display());
  EXPECT_EQ(server.calls(), 2);
}

TEST(X11Refusal, of_no_display_at_all) {
  ASSERT_EQ(unsetenv("DISPLAY"), 0);
  expect_refused(settings_for(""), ErrorKind::unavailable, "DISPLAY is not set");
}

TEST(X11Refusal, of_windows_that_have_no_picture) {
  const Xvfb xvfb("320x240x24");
  Desk desk(xvfb.display());
  const auto refused = [&](uint32_t id, const std::string& reason) {
    expect_refused(settings_for(xvfb.display(), window(id)), ErrorKind::unavailable, reason);
  };
  refused(0, "no such window");
  refused(0x7ffffff, "no such window");
  refused(desk.input_only_window(), "input only");
  refused(desk.unmapped_window(), "not shown");
  refused(desk.root(), "it is the root");
}

TEST(X11Refusal, of_a_monitor_names_those_that_there_are) {
  const Xvfb xvfb("640x480x24");
  Desk desk(xvfb.display());
  desk.set_monitor("LEFT", {0, 0, 320, 480});
  const SourceSettings settings = settings_for(xvfb.display(), monitor("RIGHT"));
  expect_refused(settings, ErrorKind::unavailable, "RIGHT");
  EXPECT_NE(error_of(settings).remedy.find("LEFT"), std::string::npos);
}

TEST(X11Refusal, of_a_region_outside_the_screen) {
  const Xvfb xvfb("320x240x24");
  expect_refused(settings_for(xvfb.display(), region({320, 0, 64, 64})), ErrorKind::usage,
                 "outside the screen");
  expect_refused(settings_for(xvfb.display(), region({0, 0, 0, 0})), ErrorKind::usage,
                 "outside the screen");
}

TEST(X11Refusal, of_a_rate_that_cannot_be) {
  const Xvfb xvfb("320x240x24");
  for (const Fraction rate : {Fraction{0, 1}, Fraction{-1, 1}, Fraction{1, 0}}) {
    SourceSettings settings = settings_for(xvfb.display());
    settings.frame_rate = rate;
    expect_refused(settings, ErrorKind::usage, "frames a second");
  }
}

TEST(X11Refusal, of_pixels_that_are_not_ours) {
  const Xvfb xvfb("320x240x16");
  expect_refused(settings_for(xvfb.display()), ErrorKind::unavailable, "depth 16");
}

TEST(X11Refusal, of_a_server_that_takes_no_memory) {
  const Xvfb xvfb("320x240x24", {"-extension", "MIT-SHM"});
  expect_refused(settings_for(xvfb.display()), ErrorKind::unavailable, "MIT-SHM");
}

}  // namespace
}  // namespace millrace::x11::test
