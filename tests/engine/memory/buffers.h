// SPDX-License-Identifier: MIT
// Memories and buffers with known bytes, for the tests of engine/memory.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "engine/memory/buffer_copy.h"
#include "engine/memory/pieces.h"
#include "engine/memory/system_allocator.h"

namespace millrace {

/// Memory of the process that shows `text`.
inline Ref<Memory> memory_with(std::string_view text, const AllocationParams& params = {}) {
  SystemAllocator allocator;
  Ref<Memory> memory = allocator.allocate(text.size(), params).take();
  const WriteView view = memory->write().take();
  std::ranges::copy(text, reinterpret_cast<char*>(view.bytes().data()));
  return memory;
}

/// `size` bytes that count up from `first`.
inline std::string ramp(size_t size, uint8_t first = 0) {
  std::string text(size, '\0');
  for (char& byte : text) byte = static_cast<char>(first++);
  return text;
}

inline Ref<Memory> memory_of(size_t size) {
  return memory_with(ramp(size));
}

inline Ref<Buffer> buffer_with(std::string_view text) {
  return Buffer::create(memory_with(text)).take();
}

inline Ref<Buffer> buffer_of(size_t size) {
  return buffer_with(ramp(size));
}

/// A memory for each text.
inline Ref<Buffer> buffer_with(std::initializer_list<std::string_view> texts) {
  Ref<Buffer> buffer = Buffer::create();
  for (const std::string_view text : texts) {
    EXPECT_TRUE(buffer->append(memory_with(text)).has_value());
  }
  return buffer;
}

/// A memory for each size; the bytes count up through all of them.
inline Ref<Buffer> buffer_of(std::initializer_list<size_t> sizes) {
  Ref<Buffer> buffer = Buffer::create();
  size_t next = 0;
  for (const size_t size : sizes) {
    const std::string text = ramp(size, static_cast<uint8_t>(next));
    EXPECT_TRUE(buffer->append(memory_with(text)).has_value());
    next += size;
  }
  return buffer;
}

inline std::string text_of(const ReadView& view) {
  return {reinterpret_cast<const char*>(view.bytes().data()), view.size()};
}

inline std::string text_of(const Buffer& buffer) {
  std::string text;
  for (const Piece& piece : Pieces(buffer)) text += text_of(piece.read().take());
  return text;
}

/// Bytes of a string, as functions over bytes want them.
inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// Whether something was refused in this way, with an act and a remedy.
template <class T>
testing::AssertionResult refused(const Result<T>& result, ErrorKind kind) {
  if (result) return testing::AssertionFailure() << "it was not refused";
  const Error& error = result.error();
  if (error.kind != kind) return testing::AssertionFailure() << "another reason: " << error.what;
  if (kind != ErrorKind::internal && error.remedy.empty()) {
    return testing::AssertionFailure() << "no remedy: " << error.what;
  }
  return testing::AssertionSuccess() << error.what;
}

/// For tests that move bytes: where they go, and the account that they are booked in.
class WithAccount : public testing::Test {
 protected:
  SystemAllocator allocator_;
  observe::Ledger ledger_;
  observe::Ledger::Account& account_ =
      ledger_.open(observe::MoveKind::copy, "a -> b", "test", "cpu");
  const CopyInto into_{allocator_, account_};
};

}  // namespace millrace
