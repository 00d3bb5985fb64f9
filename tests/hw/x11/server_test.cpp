// SPDX-License-Identifier: MIT
// A server that dies, hangs or is silent while frames are taken.
#include <filesystem>
#include <thread>

#include <signal.h>

#include <gtest/gtest.h>

#include "tests/hw/x11/captured.h"
#include "tests/x11/xvfb.h"

namespace millrace::x11::test {
namespace {

/// Stops the server, and does `then` as soon as that has been noticed.
template <class Then>
std::jthread silence(const Xvfb& xvfb, Captured& captured, Then then) {
  kill(xvfb.pid(), SIGSTOP);
  return std::jthread([&captured, then](const std::stop_token& stop) {
    while (captured.source().notices().empty() && !stop.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    then();
  });
}

SourceSettings impatient(const std::string& display) {
  SourceSettings settings = settings_for(display);
  settings.patience = std::chrono::milliseconds(100);
  return settings;
}

TEST(X11Server, that_is_dead_is_a_lost_source) {
  Xvfb xvfb("320x240x24");
  Captured captured(settings_for(xvfb.display()));
  (void)captured.watch(2);
  xvfb.kill();
  expect_lost(last_of(captured));
}

TEST(X11Server, that_hangs_does_not_keep_us_from_stopping) {
  const Xvfb xvfb("320x240x24");
  Captured captured(settings_for(xvfb.display()));
  (void)captured.watch(2);
  ASSERT_EQ(kill(xvfb.pid(), SIGSTOP), 0);
  std::stop_source stop;
  std::jthread asks([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });

  const Result<Ref<Buffer>> frame = captured.next(stop.get_token());

  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().kind, ErrorKind::cancelled) << frame.error().what;
  kill(xvfb.pid(), SIGCONT);
}

TEST(X11Server, that_is_silent_for_long_skips_slots_until_it_answers) {
  const Xvfb xvfb("320x240x24");
  Captured captured(impatient(xvfb.display()));
  const uint64_t before = captured.watch(2).back().sequence;
  const std::jthread wakes = silence(xvfb, captured, [pid = xvfb.pid()] { kill(pid, SIGCONT); });

  const Result<Ref<Buffer>> frame = captured.next();

  ASSERT_TRUE(frame) << frame.error().what;
  EXPECT_GT((*frame)->timing.sequence, before + 1);
  EXPECT_FALSE((*frame)->flags.late) << "it is of the time when the server answers again";
  const std::vector<std::string> notices = captured.source().notices();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_NE(notices[0].find("frames are skipped"), std::string::npos) << notices[0];
  EXPECT_NE(notices[1].find("answers again"), std::string::npos) << notices[1];
}

TEST(X11Server, that_is_silent_for_long_does_not_keep_us_from_stopping) {
  const Xvfb xvfb("320x240x24");
  Captured captured(impatient(xvfb.display()));
  (void)captured.watch(2);
  std::stop_source stop;
  const std::jthread asks = silence(xvfb, captured, [&stop] { stop.request_stop(); });

  const Result<Ref<Buffer>> frame = captured.next(stop.get_token());

  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().kind, ErrorKind::cancelled) << frame.error().what;
  kill(xvfb.pid(), SIGCONT);
}

TEST(X11Server, that_dies_in_its_silence_is_a_lost_source) {
  const Xvfb xvfb("320x240x24");
  Captured captured(impatient(xvfb.display()));
  (void)captured.watch(2);
  const std::jthread ends = silence(xvfb, captured, [pid = xvfb.pid()] { kill(pid, SIGKILL); });
  expect_lost(captured.next());
  const std::string number = xvfb.display().substr(1);  // it could not tidy up
  std::filesystem::remove("/tmp/.X" + number + "-lock");
  std::filesystem::remove("/tmp/.X11-unix/X" + number);
}

}  // namespace
}  // namespace millrace::x11::test
