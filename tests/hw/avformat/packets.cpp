// SPDX-License-Identifier: MIT
#include "tests/hw/avformat/packets.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/memory/system_allocator.h"
#include "tests/hw/avformat/clips.h"

namespace millrace::avformat::testing {
namespace {

/// Cuts a byte stream at its access unit delimiters (type 9).
std::vector<std::string> units_of(const std::string& stream) {
  const std::string delimiter("\0\0\0\1\x09", 5);
  std::vector<std::string> units;
  for (size_t at = 0; at < stream.size();) {
    const size_t end = std::min(stream.find(delimiter, at + 1), stream.size());
    units.push_back(stream.substr(at, end - at));
    at = end;
  }
  return units;
}

Duration time_of(size_t index, Fraction rate) {
  return Duration(static_cast<int64_t>(index) * 1'000'000'000 * rate.den / rate.num);
}

}  // namespace

Stream make_stream(const StreamParams& params) {
  const Folder folder;
  const std::string path = make_clip(
      folder / "s.h264",
      fmt::format("-f lavfi -i testsrc2=size={}x{}:rate={}/{} -frames:v {} -pix_fmt yuv420p "
                  "-c:v libx264 -preset ultrafast -bf 0 -g 30 -x264-params aud=1 {}",
                  params.width, params.height, params.rate.num, params.rate.den, params.frames,
                  params.colour));
  return {.format = {.width = params.width,
                     .height = params.height,
                     .frame_rate = params.rate,
                     .colour = bt709_limited},
          .units = units_of(read_file(path))};
}

Ref<Buffer> packet(const Stream& stream, size_t index) {
  const std::string& unit = stream.units.at(index);
  SystemAllocator allocator;
  Ref<Memory> memory = allocator.allocate(unit.size(), {}).take();
  {
    const auto view = memory->write();
    std::ranges::copy(std::as_bytes(std::span(unit)), view->bytes().begin());
  }
  Ref<Buffer> buffer = Buffer::create(memory).take();
  const Fraction rate = stream.format.frame_rate;
  buffer->flags.key = index % 30 == 0;
  buffer->timing.pts = time_of(index, rate);
  buffer->timing.duration = time_of(index + 1, rate) - time_of(index, rate);
  buffer->timing.sequence = index;
  return buffer;
}

}  // namespace millrace::avformat::testing
