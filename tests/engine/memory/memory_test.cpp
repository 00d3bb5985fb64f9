// SPDX-License-Identifier: MIT
#include "engine/memory/memory.h"

#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/system_allocator.h"

namespace millrace {
namespace {

Ref<Memory> host_memory(size_t size) {
  SystemAllocator allocator;
  return allocator.allocate(size, {}).take();
}

/// Memory that writes down what is asked of it.
class Diary final : public Memory {
 public:
  enum class Refuses { nothing, access, address };

  Diary(std::string& text, Refuses what)
      : Memory({.maxsize = 16, .size = 16}), text_(text), refuses_(what) {}

  ~Diary() override { text_ += "gone "; }

 private:
  Result<std::byte*> address() override {
    if (refuses_ == Refuses::address) return fail(ErrorKind::internal, "address: refused");
    return bytes_.data();
  }

  Result<> begin_cpu_access(bool write) override {
    text_ += write ? "begin-write " : "begin-read ";
    if (refuses_ == Refuses::access) return fail(ErrorKind::internal, "begin: refused");
    return {};
  }

  void end_cpu_access(bool write) noexcept override { text_ += write ? "end-write " : "end-read "; }

  std::string& text_;
  Refuses refuses_;
  std::array<std::byte, 16> bytes_{};
};

TEST(CpuView, brackets_the_access_with_begin_and_end) {
  std::string diary;
  const Ref<Memory> memory = make_ref<Diary>(diary, Diary::Refuses::nothing);
  {
    const WriteView view = memory->write().take();
    diary += "touch ";
  }
  EXPECT_EQ(diary, "begin-write touch end-write ");
}

TEST(CpuView, ends_the_access_once_however_often_it_is_moved) {
  std::string diary;
  const Ref<Memory> memory = make_ref<Diary>(diary, Diary::Refuses::nothing);
  {
    ReadView first = memory->read().take();
    const ReadView second = std::move(first);
  }
  EXPECT_EQ(diary, "begin-read end-read ");
}

TEST(CpuView, keeps_its_memory_alive) {
  std::string diary;
  Ref<Memory> memory = make_ref<Diary>(diary, Diary::Refuses::nothing);
  {
    const ReadView view = memory->read().take();
    memory = nullptr;
    EXPECT_EQ(diary, "begin-read ");
  }
  EXPECT_EQ(diary, "begin-read end-read gone ");
}

TEST(CpuView, of_a_memory_that_refuses_is_an_error_and_ends_nothing) {
  std::string diary;
  const Ref<Memory> memory = make_ref<Diary>(diary, Diary::Refuses::access);
  EXPECT_FALSE(memory->write().has_value());
  EXPECT_EQ(diary, "begin-write ");
}

TEST(CpuView, of_a_memory_that_has_no_address_ends_the_access_that_it_began) {
  std::string diary;
  const Ref<Memory> memory = make_ref<Diary>(diary, Diary::Refuses::address);
  EXPECT_FALSE(memory->write().has_value());
  EXPECT_FALSE(memory->read().has_value());
  EXPECT_EQ(diary, "begin-write end-write begin-read end-read ");
}

TEST(Memory, set_range_moves_the_visible_bytes) {
  const Ref<Memory> memory = host_memory(100);
  memory->write().take().bytes()[10] = std::byte{5};
  ASSERT_TRUE(memory->set_range(memory->offset() + 10, 20).has_value());
  const ReadView view = memory->read().take();
  EXPECT_EQ(view.bytes().size(), 20U);
  EXPECT_EQ(view.bytes()[0], std::byte{5});
}

TEST(Memory, set_range_refuses_what_lies_outside_or_wraps) {
  const Ref<Memory> memory = host_memory(100);
  constexpr size_t most = std::numeric_limits<size_t>::max();
  EXPECT_FALSE(memory->set_range(0, memory->maxsize() + 1).has_value());
  EXPECT_FALSE(memory->set_range(memory->maxsize(), 1).has_value());
  EXPECT_FALSE(memory->set_range(most, 2).has_value());
  EXPECT_EQ(memory->size(), 100U);
}

TEST(Memory, knows_no_zeros_beside_a_part_but_those_beside_the_whole) {
  SystemAllocator allocator;
  const MemoryFlags zeros{.zero_prefixed = true, .zero_padded = true};
  const Ref<Memory> whole =
      allocator.allocate(100, {.prefix = 10, .padding = 10, .flags = zeros}).take();
  const auto flags = [&](size_t offset, size_t size) {
    return whole->share(offset, size).take()->flags();
  };
  EXPECT_TRUE(flags(0, 100).zero_prefixed && flags(0, 100).zero_padded);
  EXPECT_TRUE(flags(0, 50).zero_prefixed && !flags(0, 50).zero_padded);
  EXPECT_TRUE(!flags(50, 50).zero_prefixed && flags(50, 50).zero_padded);
  EXPECT_TRUE(whole->flags().zero_prefixed && whole->flags().zero_padded);
}

TEST(Memory, of_a_part_of_a_part_is_a_part_of_the_whole) {
  const Ref<Memory> whole = host_memory(100);
  Ref<Memory> part = whole->share(10, 50).take();
  const Ref<Memory> smaller = part->share(5, 10).take();
  part = nullptr;
  EXPECT_EQ(smaller->parent(), whole.get());
  EXPECT_EQ(smaller->offset(), whole->offset() + 15);
  EXPECT_FALSE(whole->is_writable());
}

TEST(Memory, has_a_type_that_its_parts_share) {
  const Ref<Memory> whole = host_memory(100);
  EXPECT_TRUE(whole->is_type("host"));
  EXPECT_FALSE(whole->is_type("memfd"));
  EXPECT_TRUE(whole->share(0, 1).take()->is_type("host"));
}

TEST(MemoryKind, has_a_name_for_people) {
  EXPECT_EQ(to_string(MemoryKind::host), "host");
  EXPECT_EQ(to_string(MemoryKind::memfd), "memfd");
  EXPECT_EQ(to_string(MemoryKind::dmabuf), "dma-buf");
  EXPECT_EQ(to_string(MemoryKind::device), "device");
}

TEST(Memory, has_only_as_many_owners_as_can_be_counted) {
  const Ref<Memory> memory = host_memory(8);
  std::vector<Ref<Memory>> parts;
  while (parts.size() < AccessWord::most_owners / AccessWord::child_weight) {
    Result<Ref<Memory>> part = memory->share(0, 1);
    ASSERT_TRUE(part.has_value());
    parts.push_back(part.take());
  }
  EXPECT_FALSE(memory->share(0, 1).has_value());
  EXPECT_FALSE(memory->write().has_value());
  parts.pop_back();
  EXPECT_TRUE(memory->share(0, 1).has_value());
  parts.clear();
  EXPECT_TRUE(memory->write().has_value());
}

}  // namespace
}  // namespace millrace
