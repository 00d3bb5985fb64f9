// SPDX-License-Identifier: MIT
// OutputFile: the file that a muxer writes to, through an AVIOContext of ours, so that a failed
// write is an error with its errno and what was written before it stays.
//
// A file that is to be replaced is opened at once, but emptied only by the first write: a run that
// is refused, or ends before it has anything to write, leaves it as it was.
//
// After the first failed write everything behind that place is refused and cut off in the end,
// while a muxer may still go back and finish what lies before it.
// Confined to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

struct AVIOContext;

namespace millrace::avformat {

class OutputFile {
 public:
  struct Params {
    std::string path;
    bool overwrite = false;  ///< an existing regular file may be replaced
  };

  /// Never waits: a pipe without a reader is `output_failed`. Errors: `usage` for a file that
  /// exists already; `denied` or `output_failed` where it cannot be made.
  [[nodiscard]] static Result<std::unique_ptr<OutputFile>> create(const Params& params);
  ~OutputFile();

  [[nodiscard]] AVIOContext* io() const { return io_; }

  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] bool seekable() const { return seekable_; }

  /// The first write that failed, as an error with a remedy.
  [[nodiscard]] Result<> check() const;

  /// libav stops writing after an error; lets it try again before the place of the failure.
  void allow_repair();

  /// Writes what is buffered and closes the file.
  [[nodiscard]] Result<> close();

  /// Closes the file and removes it, if it is a regular one and not the old one, still untouched.
  void discard();

 private:
  OutputFile(std::string path, UniqueFd fd, bool regular, bool replaces);
  [[nodiscard]] int drop_old_content();
  static int write_packet(void* self, uint8_t* data, int size);
  static int64_t seek(void* self, int64_t offset, int whence);
  [[nodiscard]] int write_here(const uint8_t* data, size_t size);
  void cut_at_failure();

  std::string path_;
  UniqueFd fd_;
  bool regular_;
  bool seekable_;
  bool replaces_;  ///< what was there before the run is still in the file
  AVIOContext* io_ = nullptr;
  int64_t position_ = 0;
  int errno_ = 0;                      ///< of the first failed write
  std::optional<int64_t> good_until_;  ///< set by the first failed write
};

}  // namespace millrace::avformat
