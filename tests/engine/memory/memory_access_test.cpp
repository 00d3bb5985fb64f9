// SPDX-License-Identifier: MIT
// Waiting for the bytes of a Memory, and joining others who write.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/memory.h"
#include "engine/memory/system_allocator.h"

namespace millrace {
namespace {

using std::chrono_literals::operator""ms;

/// Memory whose access word can be looked at.
class Glass final : public Memory {
 public:
  explicit Glass(bool stays_mapped = true) : Memory({.maxsize = 16, .size = 16}) {
    if (stays_mapped) set_mapped(bytes_);
  }

  [[nodiscard]] bool somebody_waits() const { return (word_.load() & AccessWord::waiting) != 0; }

  /// Returns when somebody sleeps, or is about to.
  void await_waiting() const {
    while (!somebody_waits()) std::this_thread::yield();
  }

 private:
  Result<std::byte*> address() override { return bytes_; }

  std::byte bytes_[16] = {};
};

Access soon() {
  return Access::until(now() + 5ms);
}

TEST(Access, without_a_deadline_answers_at_once) {
  const Ref<Glass> memory = make_ref<Glass>();
  const WriteView writer = memory->write().take();
  EXPECT_EQ(memory->read().error().kind, ErrorKind::busy);
  EXPECT_FALSE(memory->somebody_waits());
}

TEST(Access, gives_up_at_its_deadline_and_leaves_nobody_marked_as_waiting) {
  const Ref<Glass> memory = make_ref<Glass>();
  const WriteView writer = memory->write().take();
  const Timestamp begin = now();
  EXPECT_EQ(memory->read(soon()).error().kind, ErrorKind::timeout);
  EXPECT_GE(now() - begin, 5ms);
  EXPECT_EQ(memory->write(soon()).error().kind, ErrorKind::timeout);
  EXPECT_FALSE(memory->somebody_waits());
}

TEST(Access, whose_deadline_is_long_over_does_not_wait) {
  const Ref<Glass> memory = make_ref<Glass>();
  const WriteView writer = memory->write().take();
  EXPECT_EQ(memory->read(Access::until(Timestamp())).error().kind, ErrorKind::timeout);
  EXPECT_EQ(memory->read(Access::until(Timestamp::min())).error().kind, ErrorKind::timeout);
}

TEST(Access, gets_free_bytes_whatever_its_deadline) {
  const Ref<Glass> memory = make_ref<Glass>();
  EXPECT_TRUE(memory->write(Access::until(Timestamp::min())).has_value());
}

TEST(Access, that_waits_is_let_in_when_the_writer_leaves) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::optional<WriteView> writer(memory->write().take());
  std::atomic<bool> is_in{false};
  std::jthread patient([&] {
    const Result<ReadView> view = memory->read(Access::patient());
    is_in = view.has_value();
  });
  memory->await_waiting();
  EXPECT_FALSE(is_in);
  writer.reset();
  patient.join();
  EXPECT_TRUE(is_in);
  EXPECT_FALSE(memory->somebody_waits());
}

TEST(Access, to_write_is_let_in_when_the_last_reader_leaves) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::optional<ReadView> first(memory->read().take());
  std::optional<ReadView> second(memory->read().take());
  std::atomic<bool> is_in{false};
  std::jthread patient([&] { is_in = memory->write(Access::patient()).has_value(); });
  memory->await_waiting();
  first.reset();
  EXPECT_FALSE(is_in);
  second.reset();
  patient.join();
  EXPECT_TRUE(is_in);
}

TEST(Access, of_many_who_wait_lets_all_in_one_after_the_other) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::optional<WriteView> writer(memory->write().take());
  int entered = 0;  // guarded by the memory itself
  std::vector<std::jthread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&] {
      const WriteView view = memory->write(Access::patient()).take();
      ++entered;
    });
  }
  memory->await_waiting();
  writer.reset();
  threads.clear();
  EXPECT_EQ(entered, 8);
  EXPECT_FALSE(memory->somebody_waits());
}

TEST(Access, that_gives_up_keeps_nobody_else_from_being_woken) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::optional<WriteView> writer(memory->write().take());
  std::jthread patient([&] { EXPECT_TRUE(memory->read(Access::patient()).has_value()); });
  memory->await_waiting();
  EXPECT_FALSE(memory->read(soon()).has_value());
  writer.reset();
  patient.join();
}

TEST(Access, that_waits_is_not_forgotten_when_others_come_and_go) {
  const Ref<Glass> memory = make_ref<Glass>(false);
  std::optional<ReadView> reader(memory->read().take());
  std::atomic<bool> is_in{false};
  std::jthread patient([&] { is_in = memory->write(Access::patient()).has_value(); });
  for (int visit = 0; visit < 100; ++visit) {
    memory->await_waiting();
    EXPECT_TRUE(memory->read().has_value());
  }
  reader.reset();
  patient.join();
  EXPECT_TRUE(is_in);
}

TEST(Access, does_not_wait_for_what_does_not_end_by_itself) {
  const Ref<Glass> memory = make_ref<Glass>();
  const Ref<Memory> part = memory->share(0, 8).take();
  EXPECT_EQ(memory->write(Access::patient()).error().kind, ErrorKind::denied);
  EXPECT_EQ(part->write(Access::patient()).error().kind, ErrorKind::denied);
}

TEST(Access, that_waits_is_told_when_the_bytes_became_shared_meanwhile) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::optional<ReadView> reader(memory->read().take());
  ErrorKind answer = ErrorKind::internal;
  std::jthread patient([&] { answer = memory->write(Access::patient()).error().kind; });
  memory->await_waiting();
  const Ref<Memory> part = memory->share(0, 8).take();
  reader.reset();
  patient.join();
  EXPECT_EQ(answer, ErrorKind::denied);
  EXPECT_FALSE(memory->somebody_waits());
}

TEST(JointAccess, lets_in_only_those_who_join_a_joint_write) {
  const Ref<Glass> memory = make_ref<Glass>();
  const WriteView alone = memory->write().take();
  EXPECT_FALSE(memory->write(Access::joined()).has_value());
  EXPECT_FALSE(memory->read(Access::joined()).has_value());
}

TEST(JointAccess, counts_its_writers_and_says_when_there_are_too_many) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::vector<WriteView> views;
  while (views.size() < AccessWord::most_writers) {
    views.push_back(memory->write(Access::joined()).take());
  }
  EXPECT_EQ(memory->write(Access::joined()).error().kind, ErrorKind::busy);
  views.clear();
  EXPECT_TRUE(memory->write().has_value());
}

TEST(JointAccess, ends_with_the_last_writer_even_if_a_reader_stays) {
  const Ref<Glass> memory = make_ref<Glass>();
  std::optional<WriteView> writer(memory->write(Access::joined()).take());
  const ReadView reader = memory->read(Access::joined()).take();
  writer.reset();
  EXPECT_TRUE(memory->read().has_value());
  EXPECT_FALSE(memory->write().has_value());
}

TEST(JointAccess, of_two_threads_writes_two_halves_of_one_block) {
  SystemAllocator allocator;
  const Ref<Memory> memory = allocator.allocate(2000, {}).take();
  {
    std::vector<std::jthread> threads;
    for (const size_t half : {size_t{0}, size_t{1}}) {
      threads.emplace_back([&, half] {
        Access how = Access::patient();
        how.joint = true;
        const WriteView view = memory->write(how).take();
        std::ranges::fill(view.bytes().subspan(half * 1000, 1000), std::byte{1});
      });
    }
  }
  const ReadView view = memory->read().take();
  EXPECT_EQ(std::ranges::count(view.bytes(), std::byte{1}), 2000);
}

TEST(Views, show_any_part_of_the_block_and_nothing_beyond) {
  SystemAllocator allocator;
  const Ref<Memory> memory = allocator.allocate(100, {.align = 1, .prefix = 10}).take();
  EXPECT_EQ(ReadView::open(*memory, 0, 10).take().size(), 10U);
  EXPECT_EQ(WriteView::open(*memory, 110, 0).take().maxsize(), 0U);
  EXPECT_FALSE(ReadView::open(*memory, 111, 0).has_value());
  EXPECT_FALSE(ReadView::open(*memory, 1, 110).has_value());
  EXPECT_FALSE(WriteView::open(*memory, SIZE_MAX, 2).has_value());
}

}  // namespace
}  // namespace millrace
