// SPDX-License-Identifier: MIT
#include "hw/avformat/output_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/mem.h>
}

#include "hw/avformat/pipe_patience.h"

namespace millrace::avformat {
namespace {

/// What the muxer gathers in half a second mostly fits: it is written at once, and whoever reads
/// the growing file sees all of it or nothing.
constexpr int buffer_bytes = 1 << 20;

std::string remedy_for(int error, bool regular) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "Free some space, or choose another disk with -o.";
    case EFBIG:
      return "No file may get larger here, by the file system or by ulimit -f: choose another "
             "place "
             "with -o, or raise the limit.";
    case EPIPE:
      return "The reader of the pipe has gone; it has what was written before.";
    case ETIMEDOUT:
      return "Look at what the reader of the pipe waits for; it has what was written before.";
    default:
      return regular ? "Look at the disk." : "Look at the program or device that takes it.";
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
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | how, 0666));
  if (!fd) return cannot_create(path, errno);
  return fd;
}

mode_t mode_of(int fd) {
  struct stat open {};

  return ::fstat(fd, &open) == 0 ? open.st_mode : 0;
}

/// File systems without locks are taken as they are.
Result<> lock_file(const std::string& path, int fd) {
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  return fail(ErrorKind::output_failed,
              fmt::format("create {}: another program is writing this file", path),
              "Choose another name with -o, or wait until that program has ended.", EWOULDBLOCK);
}

}  // namespace

OutputFile::OutputFile(Params params, UniqueFd fd, bool regular, bool replaces)
    : path_(params.stream < 0 ? std::move(params.path) : "stdout"),
      on_low_space_(std::move(params.on_low_space)),
      space_(S_ISREG(mode_of(fd.get())) ? params.min_free : 0),
      fd_(std::move(fd)),
      regular_(regular),
      seekable_(params.stream < 0 && ::lseek(fd_.get(), 0, SEEK_CUR) == 0),
      replaces_(replaces),
      waits_(S_ISFIFO(mode_of(fd_.get())) || S_ISSOCK(mode_of(fd_.get()))),
      stop_(std::move(params.stop)) {}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const Params& params) {
  std::unique_ptr<OutputFile> file = MILLRACE_TRY(params.stream < 0 ? open(params) : adopt(params));
  if (Result<> made = file->make_io(); !made) {
    file->discard();
    return fail(std::move(made.error()));
  }
  return file;
}

Result<std::unique_ptr<OutputFile>> OutputFile::open(const Params& params) {
  struct stat there {};

  const bool exists = ::stat(params.path.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) return cannot_create(params.path, EISDIR);
  if (exists && S_ISREG(there.st_mode) && !params.overwrite) {
    return fail(ErrorKind::usage, fmt::format("create {}: the file exists", params.path),
                "Pass --overwrite always, or choose another name with -o.", EEXIST);
  }
  // O_EXCL: a file that appeared since the look above is not ours to overwrite.
  UniqueFd fd = MILLRACE_TRY(exists && S_ISFIFO(there.st_mode)
                                 ? open_pipe(params.path)
                                 : open_file(params.path, exists ? 0 : O_CREAT | O_EXCL));

  struct stat made {};

  if (::fstat(fd.get(), &made) != 0) return cannot_create(params.path, errno);
  if (::isatty(fd.get()) != 0) {
    return fail(ErrorKind::usage, fmt::format("write {}: it is a terminal", params.path),
                "Name a file with -o, or pipe the recording into a program with -o -.", EINVAL);
  }
  const bool regular = S_ISREG(made.st_mode);
  if (regular) MILLRACE_TRY(lock_file(params.path, fd.get()));
  return std::unique_ptr<OutputFile>(
      new OutputFile(params, std::move(fd), regular, exists && regular));
}

Result<std::unique_ptr<OutputFile>> OutputFile::adopt(const Params& params) {
  UniqueFd fd(::fcntl(params.stream, F_DUPFD_CLOEXEC, 0));
  if (!fd) return cannot_create(params.path, errno);
  return std::unique_ptr<OutputFile>(new OutputFile(params, std::move(fd), false, false));
}

Result<> OutputFile::make_io() {
  auto* const buffer = static_cast<unsigned char*>(av_malloc(buffer_bytes));
  if (buffer != nullptr) {
    io_ = avio_alloc_context(buffer, buffer_bytes, 1, this, nullptr, write_packet,
                             seekable_ ? seek : nullptr);
  }
  if (io_ != nullptr) return {};
  av_free(buffer);
  return fail(ErrorKind::internal, fmt::format("create {}: out of memory", path_));
}

OutputFile::~OutputFile() {
  if (io_ == nullptr) return;
  av_freep(&io_->buffer);
  avio_context_free(&io_);
}

/// Before the first byte: the old ones go.
int OutputFile::begin() {
  if (!regular_ || sync_) return 0;
  if (replaces_ && ::ftruncate(fd_.get(), 0) != 0) return errno;
  replaces_ = false;
  sync_.emplace(fd_.get());
  return 0;
}

int OutputFile::write_here(const uint8_t* data, size_t size) {
  if (const int error = begin(); error != 0) return error;
  while (size > 0) {
    if (waits_) {
      if (const int error = wait_for_reader(fd_.get(), stop_); error != 0) return error;
    }
    const size_t portion = waits_ ? std::min(size, pipe_portion) : size;
    const ssize_t written = seekable_ ? ::pwrite(fd_.get(), data, portion, position_)
                                      : ::write(fd_.get(), data, portion);
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
  if (file.errno_ == 0) file.errno_ = file.write_here(data, static_cast<size_t>(size));
  if (file.errno_ != 0) return AVERROR(file.errno_);
  file.watch_space(static_cast<uint64_t>(size));
  return size;
}

void OutputFile::watch_space(uint64_t written) {
  if (!on_low_space_) return;
  const std::optional<uint64_t> left = space_.short_of(fd_.get(), written);
  if (left) std::exchange(on_low_space_, {})(*left);
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
  if (errno_ == 0) return {};
  const char* const why =
      errno_ == ETIMEDOUT && waits_ ? "its reader does not read" : std::strerror(errno_);
  return fail(ErrorKind::output_failed, fmt::format("write {}: {}", path_, why),
              remedy_for(errno_, regular_), errno_);
}

void OutputFile::cut_at_failure() {
  // A failure to cut leaves a longer file, which most players read as well.
  if (regular_ && ::ftruncate(fd_.get(), whole_until_) != 0) errno = 0;
}

bool OutputFile::has_its_name() const {
  struct stat ours {};

  struct stat named {};

  return ::fstat(fd_.get(), &ours) == 0 && ::stat(path_.c_str(), &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

Result<> OutputFile::close() {
  if (!fd_) return check();
  avio_flush(io_);
  if (errno_ != 0) cut_at_failure();
  if (sync_ && errno_ == 0) errno_ = sync_->finish();
  sync_.reset();
  const bool kept = !regular_ || has_its_name();
  if (::close(fd_.release()) != 0 && errno_ == 0) errno_ = errno;
  MILLRACE_TRY(check());
  if (kept) return {};
  return fail(
      ErrorKind::output_failed,
      fmt::format("keep {}: the file was removed, renamed or replaced while it was written", path_),
      "Leave it where it is until the recording has ended; after mv it is under its new "
      "name.");
}

void OutputFile::discard() {
  // While it is locked and open: another program's file of that name is not ours to remove.
  if (fd_ && regular_ && !replaces_ && has_its_name()) ::unlink(path_.c_str());
  sync_.reset();
  fd_.reset();
}

}  // namespace millrace::avformat
