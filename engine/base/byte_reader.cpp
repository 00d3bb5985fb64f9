// SPDX-License-Identifier: MIT
#include "engine/base/byte_reader.h"

#include <fmt/format.h>

namespace millrace {

Result<std::span<const std::byte>> ByteReader::bytes(uint64_t size) {
  if (size > from_.size()) {
    return fail(ErrorKind::usage,
                fmt::format("read {} bytes: only {} are left", size, from_.size()),
                "Give all of what was written.");
  }
  const std::span<const std::byte> taken = from_.first(size);
  from_ = from_.subspan(size);
  return taken;
}

Result<bool> ByteReader::flag() {
  const std::span<const std::byte> before = from_;
  const uint8_t value = MILLRACE_TRY(u8());
  if (value <= 1) return value == 1;
  from_ = before;
  return fail(ErrorKind::usage, fmt::format("read a flag: {} is neither 0 nor 1", value),
              "Give what was written.");
}

Result<std::optional<int64_t>> ByteReader::optional_i64() {
  const std::span<const std::byte> before = from_;
  const bool is_there = MILLRACE_TRY(flag());
  const Result<int64_t> value = i64();
  if (value && is_there) return std::optional(*value);
  if (value && *value == 0) return std::optional<int64_t>();
  from_ = before;
  if (!value) return fail(value.error());
  return fail(ErrorKind::usage, fmt::format("read a number that is not there: it is {}", *value),
              "Give what was written.");
}

Result<std::string> ByteReader::text() {
  const std::span<const std::byte> before = from_;
  const uint64_t size = MILLRACE_TRY(u64());
  const auto characters = bytes(size);
  if (!characters) {
    from_ = before;
    return fail(characters.error());
  }
  return std::string(reinterpret_cast<const char*>(characters->data()), characters->size());
}

}  // namespace millrace
