// SPDX-License-Identifier: MIT
#include "hw/avformat/output_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/mem.h>
}

namespace millrace::avformat {
namespace {

constexpr int buffer_bytes = 64 * 1024;

std::string remedy_for(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "Free some space, or choose another disk with -o. What was written before is kept.";
    case EFBIG:
      return "The file system takes no larger file: choose another one with -o.";
    case EPIPE:
      return "The reader of the pipe has gone.";
    default:
      return "Look at the disk; what was written before is kept.";
  }
}

Failure cannot_create(const std::string& path, int error) {
  const bool denied = error == EACCES || error == EPERM;
  const char* const remedy = denied            ? "Choose a folder that you may write to with -o."
                             : error == ENOENT ? "Make the folder first, or choose another with -o."
                             : error == EISDIR ? "Name a file in that folder with -o."
                                               : "Choose another place with -o.";
  return fail(denied ? ErrorKind::denied : ErrorKind::output_failed,
              fmt::format("create {}: {}", path, std::strerror(error)), remedy, error);
}

/// To open a pipe waits for its reader, and the program blocks its signals: without O_NONBLOCK a
/// pipe that nobody reads would hang the run for good. The writes themselves may wait.
Result<UniqueFd> open_pipe(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == ENXIO) {
    return fail(ErrorKind::output_failed, fmt::format("open {}: nobody reads this pipe", path),
                "Start the reader first.", ENXIO);
  }
  if (!fd) return cannot_create(path, errno);
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) {
    return cannot_create(path, errno);
  }
  return fd;
}

Result<UniqueFd> open_file(const std::string& path, int how) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | how, 0666));
  if (!fd) return cannot_create(path, errno);
  return fd;
}

}  // namespace

OutputFile::OutputFile(std::string path, UniqueFd fd, bool regular, bool replaces)
    : path_(std::move(path)),
      fd_(std::move(fd)),
      regular_(regular),
      seekable_(::lseek(fd_.get(), 0, SEEK_CUR) == 0),
      replaces_(replaces) {}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const Params& params) {
  struct stat there {};

  const bool exists = ::stat(params.path.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) return cannot_create(params.path, EISDIR);
  if (exists && S_ISREG(there.st_mode) && !params.overwrite) {
    return fail(ErrorKind::usage, fmt::format("create {}: the file exists", params.path),
                "Pass --overwrite, or choose another name with -o.", EEXIST);
  }
  // O_EXCL: a file that appeared since the look above is not ours to overwrite.
  UniqueFd fd = MILLRACE_TRY(exists && S_ISFIFO(there.st_mode)
                                 ? open_pipe(params.path)
                                 : open_file(params.path, exists ? 0 : O_CREAT | O_EXCL));

  struct stat made {};

  if (::fstat(fd.get(), &made) != 0) return cannot_create(params.path, errno);
  const bool regular = S_ISREG(made.st_mode);
  std::unique_ptr<OutputFile> file(
      new OutputFile(params.path, std::move(fd), regular, exists && regular));
  auto* const buffer = static_cast<unsigned char*>(av_malloc(buffer_bytes));
  file->io_ = buffer == nullptr
                  ? nullptr
                  : avio_alloc_context(buffer, buffer_bytes, 1, file.get(), nullptr, write_packet,
                                       file->seekable_ ? seek : nullptr);
  if (file->io_ == nullptr) {
    av_free(buffer);
    file->discard();
    return fail(ErrorKind::internal, fmt::format("create {}: out of memory", params.path));
  }
  return file;
}

OutputFile::~OutputFile() {
  if (io_ == nullptr) return;
  av_freep(&io_->buffer);
  avio_context_free(&io_);
}

int OutputFile::drop_old_content() {
  if (!replaces_) return 0;
  if (::ftruncate(fd_.get(), 0) != 0) return errno;
  replaces_ = false;
  return 0;
}

int OutputFile::write_here(const uint8_t* data, size_t size) {
  if (const int error = drop_old_content(); error != 0) return error;
  while (size > 0) {
    const ssize_t written =
        seekable_ ? ::pwrite(fd_.get(), data, size, position_) : ::write(fd_.get(), data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written == 0 ? EIO : errno;
    position_ += written;
    data += written;
    size -= static_cast<size_t>(written);
  }
  return 0;
}

int OutputFile::write_packet(void* self, uint8_t* data, int size) {
  auto& file = *static_cast<OutputFile*>(self);
  const int64_t end = file.position_ + size;
  if (file.good_until_ && end > *file.good_until_) {
    file.position_ = end;
    return AVERROR(file.errno_);
  }
  const int error = file.write_here(data, static_cast<size_t>(size));
  if (error == 0) return size;
  if (!file.good_until_) {
    file.good_until_ = file.position_;
    file.errno_ = error;
  }
  file.position_ = end;  // where libav believes to be
  return AVERROR(error);
}

int64_t OutputFile::seek(void* self, int64_t offset, int whence) {
  auto& file = *static_cast<OutputFile*>(self);
  if ((whence & AVSEEK_SIZE) != 0) {
    struct stat now {};

    return ::fstat(file.fd_.get(), &now) == 0 ? now.st_size : AVERROR(errno);
  }
  if (whence == SEEK_CUR) offset += file.position_;
  if (whence == SEEK_END || offset < 0) return AVERROR(EINVAL);
  file.position_ = offset;
  return offset;
}

Result<> OutputFile::check() const {
  if (!good_until_) return {};
  return fail(ErrorKind::output_failed, fmt::format("write {}: {}", path_, std::strerror(errno_)),
              remedy_for(errno_), errno_);
}

void OutputFile::allow_repair() {
  io_->error = 0;
}

void OutputFile::cut_at_failure() {
  // A failure to cut leaves a longer file, which players read as well.
  if (good_until_ && regular_ && ::ftruncate(fd_.get(), *good_until_) != 0) errno = 0;
}

Result<> OutputFile::close() {
  if (!fd_) return check();
  avio_flush(io_);
  cut_at_failure();
  if (::close(fd_.release()) != 0 && !good_until_) {
    errno_ = errno;
    good_until_ = position_;
  }
  return check();
}

void OutputFile::discard() {
  fd_.reset();
  if (regular_ && !replaces_) ::unlink(path_.c_str());
}

}  // namespace millrace::avformat
