// SPDX-License-Identifier: MIT
// Fences of a Buffer: who reads waits until the bytes are ready, and no bytes go while a device
// still has them.
#include <array>
#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "engine/memory/buffer_bytes.h"
#include "engine/memory/frame_view.h"
#include "tests/engine/memory/buffers.h"
#include "tests/engine/memory/event.h"

namespace millrace {
namespace {

/// A deadline that is over.
Access impatient() {
  return Access::until(now() - std::chrono::milliseconds(1));
}

using BufferFences = WithAccount;

TEST_F(BufferFences, keep_readers_and_writers_waiting_until_the_deadline) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Event event;
  buffer->acquire_fences().add(event.fence());
  EXPECT_TRUE(refused(buffer->read(impatient()), ErrorKind::timeout));
  EXPECT_TRUE(refused(buffer->write(impatient()), ErrorKind::timeout));
  EXPECT_TRUE(refused(buffer->read(1, 2, impatient()), ErrorKind::timeout));
  EXPECT_TRUE(refused(buffer->wait_until_ready(impatient()), ErrorKind::timeout));
  event.signal();
  EXPECT_EQ(text_of(buffer->read(impatient()).take()), "data");
  EXPECT_TRUE(buffer->write(impatient()).has_value());
}

TEST_F(BufferFences, are_all_waited_for) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Event first;
  const Event second;
  buffer->acquire_fences().add(first.fence());
  buffer->acquire_fences().add(second.fence());
  first.signal();
  EXPECT_TRUE(refused(buffer->read(impatient()), ErrorKind::timeout));
  second.signal();
  EXPECT_TRUE(buffer->read(impatient()).has_value());
}

TEST_F(BufferFences, let_who_asks_at_once_go_and_who_is_patient_wait) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Event event;
  buffer->acquire_fences().add(event.fence());
  EXPECT_TRUE(refused(buffer->read(), ErrorKind::busy));
  EXPECT_TRUE(refused(buffer->write(), ErrorKind::busy));

  std::jthread device([&] { event.signal(); });
  EXPECT_EQ(text_of(buffer->read(Access::patient()).take()), "data");
}

TEST_F(BufferFences, once_cleared_or_signalled_from_the_start_keep_nobody_waiting) {
  const Ref<Buffer> buffer = buffer_with("data");
  buffer->acquire_fences().add(Fence());
  EXPECT_TRUE(buffer->read(impatient()).has_value());
  const Event event;
  buffer->acquire_fences().add(event.fence());
  buffer->acquire_fences().clear();
  EXPECT_TRUE(buffer->read(impatient()).has_value());
}

TEST_F(BufferFences, of_release_keep_no_reader_waiting) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Event event;
  buffer->release_fences().add(event.fence());
  EXPECT_TRUE(buffer->read(impatient()).has_value());
  event.signal();
}

TEST_F(BufferFences, are_waited_for_by_a_frame_view_too) {
  const Ref<Buffer> buffer = buffer_of(64 * 4);
  const Layout layout = tight_layout(PixelFormat::gray8, 64, 4).take();
  ASSERT_TRUE(buffer->add(VideoMeta{.width = 64, .height = 4, .layout = layout}).has_value());
  const Event event;
  buffer->acquire_fences().add(event.fence());
  EXPECT_TRUE(refused(FrameReadView::create(*buffer, impatient()), ErrorKind::timeout));
  event.signal();
  EXPECT_TRUE(FrameReadView::create(*buffer, impatient()).has_value());
}

TEST_F(BufferFences, hold_for_whoever_shares_the_bytes) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Event event;
  buffer->acquire_fences().add(event.fence());
  const Ref<Buffer> copy = copy_buffer(*buffer).take();
  const Ref<Buffer> view = view_of(*buffer, 1, 2).take();
  const Ref<Buffer> target = buffer_with("abcd");
  ASSERT_TRUE(copy_into(*buffer, *target).has_value());
  EXPECT_TRUE(refused(copy->read(impatient()), ErrorKind::timeout));
  EXPECT_TRUE(refused(view->read(impatient()), ErrorKind::timeout));
  EXPECT_TRUE(refused(target->read(0, 4, impatient()), ErrorKind::timeout));
  event.signal();
  EXPECT_EQ(text_of(copy->read(impatient()).take()), "data");
  EXPECT_EQ(text_of(view->read(impatient()).take()), "at");
}

TEST_F(BufferFences, are_waited_for_before_bytes_are_moved) {
  const Ref<Buffer> buffer = buffer_with("data");
  const Event event;
  buffer->acquire_fences().add(event.fence());
  std::jthread device([&, memory = Ref<Memory>::share(&buffer->memory())] {
    memory->write().take().bytes()[0] = std::byte{'D'};
    event.signal();
  });
  std::array<std::byte, 4> bytes{};
  ASSERT_TRUE(extract_bytes(*buffer, 0, bytes, account_).has_value());
  EXPECT_EQ(bytes[0], std::byte{'D'});
  const Ref<Buffer> deep =
      copy_buffer(*buffer, {.bytes = CopyParams::Bytes::deep, .into = &into_}).take();
  EXPECT_EQ(text_of(deep->read(impatient()).take()), "Data");
}

/// Whether the call ends after a device has signalled, which it does while the call waits.
bool waits_for_the_device(Buffer& buffer, const std::function<bool()>& call) {
  const Event event;
  buffer.acquire_fences().add(event.fence());
  std::atomic<bool> signalled = false;
  std::jthread device([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    signalled = true;
    event.signal();
  });
  EXPECT_TRUE(call());
  return signalled;
}

TEST_F(BufferFences, are_waited_for_by_all_that_moves_or_compares_bytes) {
  std::array<std::byte, 4> bytes{};
  const Ref<Buffer> buffer = buffer_with({"da", "ta"});
  const auto copied = [&](CopyParams::Bytes how) {
    return copy_buffer(*buffer, {.bytes = how, .into = &into_}).has_value();
  };
  const std::pair<const char*, std::function<bool()>> calls[] = {
      {"extract", [&] { return extract_bytes(*buffer, 0, bytes, account_).has_value(); }},
      {"fill", [&] { return fill_bytes(*buffer, 0, bytes, account_).has_value(); }},
      {"set", [&] { return set_bytes(*buffer, 0, 4, std::byte{1}).has_value(); }},
      {"compare", [&] { return compare_bytes(*buffer, 0, bytes).has_value(); }},
      {"deep", [&] { return copied(CopyParams::Bytes::deep); }},
      {"merge", [&] { return copied(CopyParams::Bytes::merge); }},
      {"linearize", [&] { return linearize(*buffer, into_).has_value(); }},
  };
  for (const auto& [name, call] : calls) EXPECT_TRUE(waits_for_the_device(*buffer, call)) << name;
}

TEST_F(BufferFences, are_waited_for_by_a_copy_on_write) {
  const Ref<Buffer> buffer = buffer_with({"da", "ta"});
  const Ref<Buffer> sharer = copy_buffer(*buffer).take();
  EXPECT_TRUE(waits_for_the_device(*buffer, [&] { return unshare(*buffer, into_).has_value(); }));
}

TEST_F(BufferFences, of_release_keep_the_memory_of_a_dead_buffer_until_the_device_has_done) {
  const Ref<Memory> memory = memory_with("data");
  const Event event;
  {
    const Ref<Buffer> buffer = Buffer::create(memory).take();
    buffer->release_fences().add(event.fence());
  }
  EXPECT_EQ(memory->references(), 2U);
  event.signal();
  while (memory->references() != 1) std::this_thread::yield();
  EXPECT_TRUE(memory->is_writable());
}

TEST_F(BufferFences, of_release_that_are_signalled_keep_nothing) {
  const Ref<Memory> memory = memory_with("data");
  const Event event;
  event.signal();
  {
    const Ref<Buffer> buffer = Buffer::create(memory).take();
    buffer->release_fences().add(event.fence());
  }
  EXPECT_TRUE(memory->is_sole_owner());
}

}  // namespace
}  // namespace millrace
