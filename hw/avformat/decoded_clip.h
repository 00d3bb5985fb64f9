// SPDX-License-Identifier: MIT
// DecodedClip: a compressed file, decoded into the pool's buffers.
//
// Three ways lead a picture into a buffer, best first; each is booked as what it is:
//   1. the decoder wrote it there (fill): the common one
//   2. libswscale converts it from the decoder's memory (transform): another format or size
//   3. the copy engine moves it (copy): the decoder shows a picture twice, or keeps too many
#pragma once

#include <memory>
#include <optional>

#include "engine/base/mutex.h"
#include "hw/avformat/clip.h"
#include "hw/avformat/clip_probe.h"
#include "hw/avformat/decoder.h"
#include "hw/avformat/file_source.h"
#include "hw/avformat/frame_converter.h"
#include "hw/avformat/pool_binding.h"

namespace millrace::avformat {

class DecodedClip final : public Clip {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Clip>> open(const FileSourceSettings& settings);

  [[nodiscard]] const ClipOffer& offer() const override { return offer_; }

  [[nodiscard]] Result<> bind(const Decision::Port& port, observe::Ledger& ledger) override;
  [[nodiscard]] Result<Ref<Buffer>> next(const std::stop_token& stop) override;
  [[nodiscard]] std::vector<std::string> notices() const override;
  void close() noexcept override;

 private:
  struct Accounts {
    observe::Ledger::Account* fill = nullptr;
    observe::Ledger::Account* transform = nullptr;
    observe::Ledger::Account* copy = nullptr;
  };

  DecodedClip(std::string path, ClipFacts facts, ClipOffer offer);
  [[nodiscard]] Result<Ref<Buffer>> place(const AVFrame& frame, const std::stop_token& stop);
  [[nodiscard]] Result<> convert(const AVFrame& frame, Buffer& into);
  [[nodiscard]] Result<> copy(const AVFrame& frame, Buffer& into);
  [[nodiscard]] bool has_shape_of_clip(const AVFrame& frame) const;
  void describe(const AVFrame& frame, Buffer& buffer);
  [[nodiscard]] Duration steady(Duration pts, Duration step);
  void say_once(bool& said, const std::string& line);

  std::string path_;
  ClipFacts facts_;
  ClipOffer offer_;
  FrameConverter converter_;
  Accounts accounts_;
  Ref<BufferPool> pool_;
  std::optional<PoolBinding> binding_;  ///< outlives the decoder and its frames
  FrameHandle frame_;
  std::optional<Demuxer> demuxer_;
  std::optional<Decoder> decoder_;
  std::optional<Duration> newest_;  ///< presentation time of the newest frame
  uint64_t frames_ = 0;
  Duration newest_duration_{};
  Duration bridged_{};  ///< what jumps of the clip's times have to be moved by, so far
  bool said_jump_ = false;
  bool said_letterbox_ = false;
  bool said_copy_ = false;
  mutable Mutex mutex_;
  std::vector<std::string> notices_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace::avformat
