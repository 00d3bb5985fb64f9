// SPDX-License-Identifier: MIT
#include "engine/base/ref.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace millrace {
namespace {

class Counted : public RefCounted {
 public:
  explicit Counted(std::atomic<int>& alive) : alive_(alive) { ++alive_; }

  ~Counted() override { --alive_; }

 private:
  std::atomic<int>& alive_;
};

class Special final : public Counted {
 public:
  using Counted::Counted;
};

class RefTest : public testing::Test {
 protected:
  std::atomic<int> alive_{0};
};

TEST_F(RefTest, a_new_object_has_one_owner_and_dies_with_it) {
  {
    const Ref<Counted> only = make_ref<Counted>(alive_);
    EXPECT_TRUE(only->is_sole_owner());
    EXPECT_EQ(alive_, 1);
  }
  EXPECT_EQ(alive_, 0);
}

TEST_F(RefTest, a_copy_adds_an_owner_and_a_move_does_not) {
  Ref<Counted> first = make_ref<Counted>(alive_);
  {
    const Ref<Counted> copy = first;
    EXPECT_FALSE(first->is_sole_owner());
    EXPECT_EQ(copy, first);
  }
  const Ref<Counted> moved = std::move(first);
  EXPECT_TRUE(moved->is_sole_owner());
  EXPECT_FALSE(first);
}

TEST_F(RefTest, assignment_lets_the_old_object_go) {
  Ref<Counted> ref = make_ref<Counted>(alive_);
  ref = make_ref<Counted>(alive_);
  EXPECT_EQ(alive_, 1);
  ref = nullptr;
  EXPECT_EQ(alive_, 0);
}

TEST_F(RefTest, assignment_to_itself_keeps_the_object) {
  Ref<Counted> ref = make_ref<Counted>(alive_);
  const Ref<Counted>& same = ref;
  ref = same;
  EXPECT_EQ(alive_, 1);
  EXPECT_TRUE(ref->is_sole_owner());
}

TEST_F(RefTest, converts_to_a_ref_of_a_base) {
  Ref<Special> special = make_ref<Special>(alive_);
  const Ref<Counted> base = std::move(special);
  EXPECT_TRUE(base->is_sole_owner());
}

TEST_F(RefTest, release_and_adopt_hand_a_reference_through_a_plain_pointer) {
  Ref<Counted> ref = make_ref<Counted>(alive_);
  Counted* const raw = ref.release();
  EXPECT_EQ(alive_, 1);
  const Ref<Counted> again = Ref<Counted>::adopt(raw);
  EXPECT_TRUE(again->is_sole_owner());
}

TEST_F(RefTest, share_adds_a_reference_to_a_plain_pointer) {
  const Ref<Counted> ref = make_ref<Counted>(alive_);
  const Ref<Counted> second = Ref<Counted>::share(ref.get());
  EXPECT_FALSE(ref->is_sole_owner());
  EXPECT_FALSE(Ref<Counted>::share(nullptr));
}

TEST_F(RefTest, the_last_of_many_threads_deletes_the_object_once) {
  for (int round = 0; round < 50; ++round) {
    Ref<Counted> ref = make_ref<Counted>(alive_);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([mine = ref]() mutable {
        const Ref<Counted> copy = mine;
        mine = nullptr;
      });
    }
    ref = nullptr;
    threads.clear();
    ASSERT_EQ(alive_, 0);
  }
}

/// What is free, for several threads.
template <class T>
class Shelf {
 public:
  void put(T* object) {
    const std::lock_guard lock(mutex_);
    objects_.push_back(object);
  }

  /// All of them, which may be none.
  std::vector<T*> take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(objects_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<T*> objects_;
};

/// Lies down on its shelf instead of ending.
class Returning final : public RefCounted {
 public:
  explicit Returning(Shelf<Returning>& shelf) : shelf_(shelf) { shelf_.put(this); }

  ~Returning() override = default;

 private:
  void on_last_ref() noexcept override { shelf_.put(this); }

  Shelf<Returning>& shelf_;
};

class Homing final : public RefCounted {
 public:
  ~Homing() override = default;
  int returns = 0;

 private:
  void on_last_ref() noexcept override { ++returns; }
};

TEST_F(RefTest, case_004_of_100001_references_ten_threads_drop_all_but_one) {
  const Ref<Counted> object = make_ref<Counted>(alive_);
  for (int number = 0; number < 100'000; ++number) object->ref();
  EXPECT_EQ(object->references(), 100'001U);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 10; ++thread) {
      threads.emplace_back([&object] {
        for (int number = 0; number < 10'000; ++number) object->unref();
      });
    }
  }
  EXPECT_EQ(object->references(), 1U);
  EXPECT_EQ(alive_, 1);
}

TEST(RefCounted, case_005_objects_that_come_home_are_lent_again_and_again) {
  Shelf<Returning> home;
  Shelf<Returning> under_way;
  std::vector<std::unique_ptr<Returning>> objects;
  for (int number = 0; number < 10; ++number) objects.push_back(std::make_unique<Returning>(home));
  constexpr int rounds = 2'000;
  std::jthread producer([&] {
    for (int lent = 0; lent < rounds;) {
      for (Returning* const object : home.take_all()) {
        EXPECT_EQ(object->references(), 1U);
        under_way.put(object);
        ++lent;
      }
      std::this_thread::yield();
    }
  });
  int returned = 0;
  while (returned < rounds) {
    for (Returning* const object : under_way.take_all()) {
      const Ref<Returning> mine = Ref<Returning>::adopt(object);
      const Ref<Returning> copy = mine;
      ++returned;
    }
    std::this_thread::yield();
  }
  producer.join();
  for (Returning* const late : under_way.take_all()) Ref<Returning>::adopt(late);
  EXPECT_EQ(home.take_all().size(), 10U);
}

TEST(RefCounted, an_object_may_take_itself_back_and_be_lent_again) {
  Homing home;
  for (int round = 1; round <= 3; ++round) {
    { const Ref<Homing> lent = Ref<Homing>::adopt(&home); }
    EXPECT_EQ(home.returns, round);
    EXPECT_TRUE(home.is_sole_owner());
  }
}

}  // namespace
}  // namespace millrace
