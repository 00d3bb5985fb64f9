// SPDX-License-Identifier: MIT
// FileSource: frames of a media file, decoded or read straight into the pool's buffers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/time.h"
#include "engine/graph/stage.h"

namespace millrace::avformat {

class Clip;

struct FileSourceSettings {
  std::string path;
  std::optional<VideoFormat> raw;     ///< size, rate and format of a file without header (.nv12)
  bool realtime = false;              ///< frames come when they are due, not as fast as they can
  Colour rgb_target = bt709_limited;  ///< what RGB that is no format of ours is converted into
};

class MILLRACE_API FileSource final : public Stage {
 public:
  /// Decodes up to the first picture to know what the file holds. Errors: `usage` for a path that
  /// is no file, `denied`, `source_lost` for a file that yields no picture.
  [[nodiscard]] static Result<std::unique_ptr<FileSource>> open(const FileSourceSettings& settings);
  ~FileSource() override;

  /// The frames' format and true size, which may be odd; a nominal rate.
  [[nodiscard]] const VideoFormat& video() const;

  /// What was found in the file, and warned of, since it runs: for a summary. Thread-safe.
  [[nodiscard]] std::vector<std::string> notices() const;

  [[nodiscard]] StageOffer describe() const override;
  [[nodiscard]] Result<Answer> decide_allocation(const Decision& decision) override;
  [[nodiscard]] Result<Flow> process(Work& work) override;
  void stop() noexcept override;

 private:
  FileSource(FileSourceSettings settings, std::unique_ptr<Clip> clip);
  void wait_until_due(Duration pts, const std::stop_token& stop);

  FileSourceSettings settings_;
  std::unique_ptr<Clip> clip_;
  std::optional<Timestamp> start_;  ///< when the first frame was due
  uint64_t delivered_ = 0;
};

}  // namespace millrace::avformat
