// SPDX-License-Identifier: MIT
// Any bytes as a .y4m file and as an H.264 byte stream: the readers of ours stay within them. What
// libavformat reads is not fuzzed here.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/memory/system_allocator.h"
#include "hw/avformat/annex_b.h"
#include "hw/avformat/file_source.h"
#include "hw/avformat/y4m.h"

using namespace millrace;

namespace {

constexpr uint64_t largest_picture = 1 << 18;  // pixels: a campaign is to be quick

void require(bool promise) {
  if (!promise) std::abort();
}

void scan_units(std::span<const std::byte> bytes) {
  avformat::NalScanner scanner(bytes);
  size_t total = 0;
  while (const auto unit = scanner.next()) {
    require(!unit->empty() && unit->data() >= bytes.data() &&
            unit->data() + unit->size() <= bytes.data() + bytes.size());
    total += unit->size() + 3;
  }
  require(total <= bytes.size());
  require(avformat::parameter_sets(bytes).size() <= 2 * bytes.size());
}

/// Plays the source to its end with two buffers.
void play(avformat::FileSource& source) {
  SystemAllocator allocator;
  const VideoFormat& video = source.video();
  const Layout layout = tight_layout(video.format, video.width, video.height).take();
  const Ref<BufferPool> pool =
      BufferPool::create(allocator, {.count = exactly(2),
                                     .size = layout.size,
                                     .video = VideoMeta{video.width, video.height, layout}})
          .take();
  observe::Ledger ledger;
  Decision decision{.ledger = &ledger};
  decision.ports.push_back({.name = "out", .stream = video, .layout = layout, .pool = pool});
  require(source.decide_allocation(decision).has_value());
  Result<Flow> flow = Flow::next;
  while (flow && *flow != Flow::end) {
    Work work;
    flow = source.process(work);
  }
}

void read_y4m(const std::string& text) {
  if (const auto line = avformat::parse_y4m_frame(text)) require(*line <= text.size());
  const auto header = avformat::parse_y4m_header(text);
  if (!header) return;
  require(header->bytes <= text.size() && header->video.width > 0 && header->video.height > 0);
  if (uint64_t{header->video.width} * header->video.height > largest_picture) return;
  const int fd = ::memfd_create("fuzz", MFD_CLOEXEC);
  require(fd >= 0);
  require(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  const auto source = avformat::FileSource::open({.path = "/proc/self/fd/" + std::to_string(fd)});
  require(source.has_value());
  play(**source);
  ::close(fd);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool quiet = [] {
    log::configure({.level = log::Level::off});  // each damaged file would be a line
    return true;
  }();
  require(quiet);
  const std::string text(reinterpret_cast<const char*>(data), size);
  scan_units(std::as_bytes(std::span(text)));
  read_y4m(text);
  return 0;
}
