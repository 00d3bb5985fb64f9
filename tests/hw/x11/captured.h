// SPDX-License-Identifier: MIT
// Captured: an X11 source with pools of memfds, without a pipeline: what it hands out is looked at
// where the server wrote it.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/memory/memfd_allocator.h"
#include "engine/stages/frame_counter.h"
#include "engine/stages/paint.h"
#include "hw/x11/source.h"

namespace millrace::x11::test {

class Captured {
 public:
  /// Throws std::runtime_error with the error's words where it cannot be opened.
  explicit Captured(const SourceSettings& settings, bool any_size = true, size_t buffers = 3);

  /// The next frame; null at the end.
  Result<Ref<Buffer>> next(std::stop_token stop = {});

  /// `count` frames, each looked at and given back. Throws where one does not come.
  struct Seen {
    std::optional<uint32_t> counter;  ///< none: torn, or not in the picture
    bool repeated = false;
    uint64_t sequence = 0;
  };

  std::vector<Seen> watch(size_t count);

  /// Frames are thrown away until `wanted` is true of one, which is returned; null after ten
  /// seconds of frames.
  template <class Wanted>
  Ref<Buffer> until(const Wanted& wanted) {
    for (int frame = 0; frame < 10 * rate; ++frame) {
      Result<Ref<Buffer>> next_frame = next();
      if (!next_frame || !*next_frame) return nullptr;
      if (wanted(**next_frame)) return std::move(*next_frame);
    }
    return nullptr;
  }

  [[nodiscard]] Source& source() { return *source_; }

  [[nodiscard]] const observe::Ledger& ledger() const { return ledger_; }

  [[nodiscard]] const std::set<FileIdentity>& files() const { return files_; }

  static constexpr int rate = 60;

 private:
  [[nodiscard]] Ref<BufferPool> make_pool(const VideoMeta& video);

  MemfdAllocator allocator_;
  const size_t buffers_;
  std::set<FileIdentity> files_;  ///< of every pool that there was
  observe::Ledger ledger_;
  std::unique_ptr<Source> source_;
};

/// Of `display`, without the pointer, at Captured::rate.
[[nodiscard]] SourceSettings settings_for(const std::string& display, const Target& target = {});
[[nodiscard]] Target region(const Area& area);
[[nodiscard]] Target monitor(const std::string& name);
[[nodiscard]] Target window(uint32_t id);

/// The colour of one pixel, 0xRRGGBB.
[[nodiscard]] uint32_t pixel(const Buffer& frame, uint32_t x, uint32_t y);

/// What the counter of a client says that fills the frame, or `part` of it.
[[nodiscard]] std::optional<uint32_t> counter(const Buffer& frame);
[[nodiscard]] std::optional<uint32_t> counter(const Buffer& frame, const Rect& part);

/// The frame or error that ends it within two seconds of frames, else the error `timeout`.
[[nodiscard]] Result<Ref<Buffer>> last_of(Captured& captured);
void expect_lost(const Result<Ref<Buffer>>& end);

}  // namespace millrace::x11::test
