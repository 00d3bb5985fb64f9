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
