// SPDX-License-Identifier: MIT
// RawClip: uncompressed frames, read from the file straight into the pool's buffers.
#pragma once

#include <memory>

#include "engine/base/unique_fd.h"
#include "hw/avformat/clip.h"
#include "hw/avformat/file_source.h"

namespace millrace::avformat {

class RawClip final : public Clip {
 public:
  /// Null for a file that is neither `.nv12`, nor told to be raw, nor 8-bit 4:2:0 `.y4m`.
  [[nodiscard]] static Result<std::unique_ptr<Clip>> open(const FileSourceSettings& settings);

  [[nodiscard]] const ClipOffer& offer() const override { return offer_; }

  [[nodiscard]] Result<> bind(const Decision::Port& port, observe::Ledger& ledger) override;
  [[nodiscard]] Result<Ref<Buffer>> next(const std::stop_token& stop) override;

 private:
  struct Params {
    std::string path;
    UniqueFd fd;
    VideoFormat video;
    uint64_t header_bytes = 0;
    bool y4m = false;  ///< a line stands before each frame
  };

  explicit RawClip(Params params);
  [[nodiscard]] static Result<std::unique_ptr<Clip>> open_bare(const FileSourceSettings& settings,
                                                               UniqueFd fd);
  [[nodiscard]] Result<bool> skip_frame_line();  ///< false: there is no more frame
  [[nodiscard]] Result<bool> read_frame(Buffer& frame);
  void report_rest() const;

  Params params_;
  ClipOffer offer_;
  Ref<BufferPool> pool_;
  observe::Ledger::Account* fill_ = nullptr;
  uint64_t position_;  ///< in the file
  uint64_t frames_ = 0;
};

}  // namespace millrace::avformat
