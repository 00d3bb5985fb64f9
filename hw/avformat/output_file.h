// SPDX-License-Identifier: MIT
// OutputFile: the file that a muxer writes to, through an AVIOContext of ours, so that a failed
// write is an error with its errno and what was written before it stays.
//
// A file that is to be replaced is opened at once, but emptied only by the first write: a run that
// is refused, or ends before it has anything to write, leaves it as it was.
//
// The muxer says when the file is whole: after the first failed write nothing more is taken, and
// the file is cut back to there in the end.
//
// A regular file is locked (flock) while it is open: of two programs that write one file neither
// would have a recording.
// Confined to one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "hw/avformat/disk_space.h"
#include "hw/avformat/disk_sync.h"

struct AVIOContext;

namespace millrace::avformat {

class OutputFile {
 public:
  struct Params {
    std::string path;
    bool overwrite = false;  ///< an existing regular file may be replaced
    int stream = -1;         ///< borrowed: written to, in order, instead of opening `path`
    uint64_t min_free = 0;   ///< bytes that shall stay free, where it is a regular file
    std::function<void(uint64_t)> on_low_space;  ///< called once, when fewer are
    std::stop_token stop;                        ///< from then on a pipe's reader has to read
  };

  /// Never waits: a pipe without a reader is `output_failed`. Errors: `usage` for a file that
  /// exists already; `denied` or `output_failed` where it cannot be made, or another program
  /// writes it.
  [[nodiscard]] static Result<std::unique_ptr<OutputFile>> create(const Params& params);
  ~OutputFile();

  [[nodiscard]] AVIOContext* io() const { return io_; }

  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] bool seekable() const { return seekable_; }

  /// The first write that failed, as an error with a remedy.
  [[nodiscard]] Result<> check() const;

  /// Whether it is a file with a name of its own: no pipe, no device, not stdout.
  [[nodiscard]] bool regular() const { return regular_; }

  /// Whether the path leads to the file that is open, and to no other one.
  [[nodiscard]] bool has_its_name() const;

  /// What was written so far is a file that plays. Whether it is more than before.
  bool mark_whole() { return std::exchange(whole_until_, position_) != position_; }

  /// Writes what is buffered and closes the file; after a failed write, cuts it. Errors:
  /// `output_failed`, also where the path has come to lead elsewhere (rm, mv).
  [[nodiscard]] Result<> close();

  /// Closes the file and removes it, if it is a regular one, has its name still, and is not the old
  /// one, untouched.
  void discard();

 private:
  OutputFile(Params params, UniqueFd fd, bool regular, bool replaces);
  [[nodiscard]] static Result<std::unique_ptr<OutputFile>> open(const Params& params);
  [[nodiscard]] static Result<std::unique_ptr<OutputFile>> adopt(const Params& params);
  [[nodiscard]] Result<> make_io();
  [[nodiscard]] int begin();
  static int write_packet(void* self, uint8_t* data, int size);
  static int64_t seek(void* self, int64_t offset, int whence);
  [[nodiscard]] int write_here(const uint8_t* data, size_t size);
  void watch_space(uint64_t written);
  void cut_at_failure();

  std::string path_;
  std::function<void(uint64_t)> on_low_space_;  ///< empty once it was called
  SpaceWatch space_;
  UniqueFd fd_;
  bool regular_;  ///< and opened by us: it may be cut or removed
  bool seekable_;
  bool replaces_;  ///< what was there before the run is still in the file
  bool waits_;     ///< for a reader: a pipe or a socket
  std::stop_token stop_;
  std::optional<DiskSync> sync_;  ///< of a regular file, from its first byte on
  AVIOContext* io_ = nullptr;
  int64_t position_ = 0;
  int64_t whole_until_ = 0;
  int errno_ = 0;  ///< of the first failed write
};

}  // namespace millrace::avformat
