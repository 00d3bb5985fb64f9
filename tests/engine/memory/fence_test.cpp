// SPDX-License-Identifier: MIT
#include "engine/memory/fence.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>

#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/memory/fence_watcher.h"
#include "tests/engine/memory/event.h"
#include "tests/engine/memory/promptly.h"

namespace millrace {
namespace {

using std::chrono::milliseconds;

TEST(Fence, without_a_descriptor_is_signalled) {
  const Fence fence;
  EXPECT_TRUE(fence.is_signalled());
  EXPECT_TRUE(fence.wait(now()).has_value());
}

TEST(Fence, is_signalled_once_its_descriptor_is_readable) {
  const Event event;
  const Fence fence = event.fence();
  EXPECT_FALSE(fence.is_signalled());
  event.signal();
  EXPECT_TRUE(fence.is_signalled());
}

TEST(Fence, whose_other_end_is_closed_is_signalled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const Fence fence{UniqueFd(ends[0])};
  EXPECT_FALSE(fence.is_signalled());
  close(ends[1]);
  EXPECT_TRUE(fence.is_signalled());
}

TEST(Fence, times_out_at_its_deadline_and_names_the_remedy) {
  const Event event;
  const Timestamp deadline = now() + milliseconds(5);
  const Result<> waited = event.fence().wait(deadline);
  ASSERT_FALSE(waited.has_value());
  EXPECT_EQ(waited.error().kind, ErrorKind::timeout);
  EXPECT_FALSE(waited.error().remedy.empty());
  EXPECT_GE(now(), deadline);
}

TEST(Fence, wakes_who_waits) {
  const Event event;
  const std::jthread signaller([&event] { event.signal(); });
  const Prompt prompt;
  EXPECT_TRUE(event.fence().wait(far_off()).has_value());
}

TEST(Fence, a_duplicate_is_signalled_with_it) {
  const Event event;
  Fence fence = event.fence();
  const Fence duplicate = fence.duplicate().take();
  fence = Fence();
  EXPECT_FALSE(duplicate.is_signalled());
  event.signal();
  EXPECT_TRUE(duplicate.is_signalled());
}

TEST(FenceList, is_signalled_with_the_last_of_its_fences) {
  const Event first;
  const Event second;
  FenceList fences;
  fences.add(first.fence());
  fences.add(second.fence());
  fences.add(Fence());
  EXPECT_EQ(fences.size(), 2U) << "one that is signalled from the start is not kept";
  first.signal();
  EXPECT_FALSE(fences.all_signalled());
  second.signal();
  EXPECT_TRUE(fences.all_signalled());
  EXPECT_TRUE(fences.wait(now()).has_value());
}

TEST(FenceList, says_which_fence_was_late) {
  const Event first;
  const Event second;
  FenceList fences;
  fences.add(first.fence());
  fences.add(second.fence());
  first.signal();
  const Result<> waited = fences.wait(now());
  ASSERT_FALSE(waited.has_value());
  EXPECT_NE(waited.error().what.find("fence 2 of 2"), std::string::npos) << waited.error().what;
}

TEST(FenceList, without_fences_is_signalled) {
  FenceList fences;
  EXPECT_TRUE(fences.all_signalled());
  fences.add(Event().fence());
  fences.clear();
  EXPECT_TRUE(fences.empty());
}

/// Notes that a watch has ended.
class Ended {
 public:
  static void note(void* self) noexcept { static_cast<Ended*>(self)->ended_ = true; }

  [[nodiscard]] bool is_true() const { return ended_; }

  [[nodiscard]] bool comes_true() const {
    await([this] { return ended_.load(); });
    return ended_;
  }

 private:
  std::atomic<bool> ended_{false};
};

TEST(FenceWatcher, tells_when_all_fences_of_a_list_are_signalled) {
  const Event first;
  const Event second;
  FenceList fences;
  fences.add(first.fence());
  fences.add(second.fence());
  Ended ended;
  ASSERT_TRUE(FenceWatcher::of_the_process().watch(fences, {&Ended::note, &ended}));
  second.signal();
  EXPECT_FALSE(ended.is_true());
  first.signal();
  EXPECT_TRUE(ended.comes_true());
}

/// Returns when the watcher has looked at all that was signalled before.
void let_the_watcher_pass() {
  const Event event;
  event.signal();
  FenceList fences;
  fences.add(event.fence());
  Ended ended;
  ASSERT_TRUE(FenceWatcher::of_the_process().watch(fences, {&Ended::note, &ended}));
  EXPECT_TRUE(ended.comes_true());
}

TEST(FenceWatcher, does_not_tell_when_only_the_first_fences_of_a_list_are_signalled) {
  const std::array<Event, 3> events;
  FenceList fences;
  for (const Event& event : events) fences.add(event.fence());
  Ended ended;
  ASSERT_TRUE(FenceWatcher::of_the_process().watch(fences, {&Ended::note, &ended}));
  for (size_t signalled = 0; signalled < 2; ++signalled) {
    events[signalled].signal();
    let_the_watcher_pass();
    EXPECT_FALSE(ended.is_true());
  }
  events[2].signal();
  EXPECT_TRUE(ended.comes_true());
}

TEST(FenceWatcher, tells_at_once_what_was_signalled_before) {
  const Event event;
  event.signal();
  FenceList fences;
  fences.add(event.fence());
  Ended ended;
  ASSERT_TRUE(FenceWatcher::of_the_process().watch(fences, {&Ended::note, &ended}));
  EXPECT_TRUE(ended.comes_true());
}

TEST(FenceWatcher, declines_what_the_kernel_cannot_watch) {
  std::array<char, 32> name{"/tmp/millrace-fence-XXXXXX"};
  const UniqueFd file(mkstemp(name.data()));
  ASSERT_TRUE(file);
  unlink(name.data());
  FenceList fences;
  fences.add(Fence(file.duplicate().take()));
  Ended ended;
  EXPECT_FALSE(FenceWatcher::of_the_process().watch(fences, {&Ended::note, &ended}));
  EXPECT_TRUE(fences.all_signalled()) << "a file of a disk is always readable";
}

}  // namespace
}  // namespace millrace
