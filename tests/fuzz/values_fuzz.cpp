// SPDX-License-Identifier: MIT
// Any text as the value of every key, and as the output's name: accepted within its bounds, or
// refused with a remedy.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

#include "app/key_table.h"
#include "app/output_file.h"
#include "app/units.h"
#include "app/values.h"

using namespace millrace;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

void check_bounds(const std::string& text) {
  if (const auto size = app::parse_size(text)) {
    require(size->width >= 1 && size->width <= app::largest_side && size->height >= 1 &&
            size->height <= app::largest_side);
  }
  if (const auto rate = app::parse_rate(text)) {
    require(rate->num > 0 && rate->den > 0 && rate->num <= 1000 * rate->den);
  }
  if (const auto time = app::parse_duration(text)) require(time->count() > 0);
  if (const auto bits = app::parse_bitrate(text)) require(*bits >= 1000);
  if (const auto bytes = app::parse_bytes(text)) require(*bytes <= uint64_t{1} << 60);
  if (const auto keyint = app::parse_keyint(text)) {
    const auto frames = app::frames_of(*keyint, {30000, 1001});
    if (frames) require(*frames >= 1 && *frames <= app::longest_keyint);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_bounds(text);
  app::Values values = app::Values::built_in();
  for (const app::Key& key : app::key_table()) {
    if (key.path.empty()) continue;
    const Result<> set = values.set(key.path, {text, "--fuzz", {}});
    if (!set) require(set.error().kind == ErrorKind::usage && !set.error().remedy.empty());
  }
  if (const Result<> set = values.set_pair(text); !set) require(!set.error().remedy.empty());
  const Result<std::string> path = app::expand_path(text, std::tm{});
  if (!path) require(!path.error().remedy.empty());
  return 0;
}
