// SPDX-License-Identifier: MIT
// The floor under a recording of raw frames: reads NV12 pictures one after the other into one
// frame, hands each to libx264 through libavcodec and writes the packets into a Matroska file. What
// any program has to pay that records through these libraries; it does nothing else. Usage:
// encode_raw_frames read|mmap IN.nv12 WIDTH HEIGHT KEYINT THREADS OUT.mkv X264-OPTIONS `mmap` hands
// libx264 the pages of the file themselves: cheaper, but no way for pictures that come from
// anywhere else than a file.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
}

#include "tests/bench/av_owned.h"

namespace millrace::bench {
namespace {

struct Job {
  bool mapped = false;
  const char* in = nullptr;
  int width = 0;
  int height = 0;
  int keyint = 0;
  int threads = 0;
  const char* out = nullptr;
  const char* x264_options = nullptr;

  [[nodiscard]] size_t frame_bytes() const {
    return static_cast<size_t>(width) * static_cast<size_t>(height) * 3 / 2;
  }
};

Owned<AVCodecContext> open_encoder(const Job& job) {
  const AVCodec* x264 = avcodec_find_encoder_by_name("libx264");
  Owned<AVCodecContext> codec(x264 != nullptr ? avcodec_alloc_context3(x264) : nullptr);
  if (!codec) return nullptr;
  codec->width = job.width;
  codec->height = job.height;
  codec->pix_fmt = AV_PIX_FMT_NV12;
  codec->time_base = {1, 30};
  codec->framerate = {30, 1};
  codec->gop_size = job.keyint;
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  codec->thread_count = job.threads;
  codec->thread_type = FF_THREAD_SLICE;
  av_opt_set(codec->priv_data, "preset", "veryfast", 0);
  av_opt_set(codec->priv_data, "tune", "zerolatency", 0);
  av_opt_set(codec->priv_data, "x264-params", job.x264_options, 0);
  return avcodec_open2(codec.get(), x264, nullptr) == 0 ? std::move(codec) : nullptr;
}

/// Where the next picture's bytes are: read into memory of our own, or in the file's pages.
class Input {
 public:
  explicit Input(const Job& job) : job_(job), fd_(open(job.in, O_RDONLY | O_CLOEXEC)) {
    struct stat facts {};

    if (fd_ < 0 || fstat(fd_, &facts) != 0) return;
    frames_ = static_cast<size_t>(facts.st_size) / job.frame_bytes();
    const size_t size = job.mapped ? frames_ * job.frame_bytes() : job.frame_bytes();
    const int flags = job.mapped ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    void* const pages = mmap(nullptr, size, PROT_READ | (job.mapped ? 0 : PROT_WRITE), flags,
                             job.mapped ? fd_ : -1, 0);
    if (pages != MAP_FAILED) bytes_ = static_cast<uint8_t*>(pages);
  }

  [[nodiscard]] size_t frames() const { return bytes_ != nullptr ? frames_ : 0; }

  uint8_t* picture(size_t index) {
    if (job_.mapped) return bytes_ + index * job_.frame_bytes();
    const auto size = static_cast<ssize_t>(job_.frame_bytes());
    return read(fd_, bytes_, job_.frame_bytes()) == size ? bytes_ : nullptr;
  }

 private:
  const Job& job_;
  int fd_;
  size_t frames_ = 0;
  uint8_t* bytes_ = nullptr;
};

void keep(void*, uint8_t*) {}

/// A frame over `bytes`. Without a reference libavcodec would copy it.
Owned<AVFrame> frame_over(uint8_t* bytes, const Job& job) {
  Owned<AVFrame> frame(av_frame_alloc());
  frame->format = AV_PIX_FMT_NV12;
  frame->width = job.width;
  frame->height = job.height;
  av_image_fill_arrays(frame->data, frame->linesize, bytes, AV_PIX_FMT_NV12, job.width, job.height,
                       1);
  frame->buf[0] =
      av_buffer_create(bytes, job.frame_bytes(), keep, nullptr, AV_BUFFER_FLAG_READONLY);
  return frame;
}

bool write_packets(AVCodecContext& codec, AVFormatContext& file) {
  const Owned<AVPacket> packet(av_packet_alloc());
  int received = 0;
  while ((received = avcodec_receive_packet(&codec, packet.get())) == 0) {
    av_packet_rescale_ts(packet.get(), codec.time_base, file.streams[0]->time_base);
    if (av_interleaved_write_frame(&file, packet.get()) != 0) return false;
  }
  return received == AVERROR(EAGAIN) || received == AVERROR_EOF;
}

bool encode(const Job& job) {
  Input input(job);
  const auto codec = open_encoder(job);
  const auto file = codec ? open_matroska(job.out, *codec) : nullptr;
  if (!file || input.frames() == 0) return false;
  for (size_t index = 0; index < input.frames(); ++index) {
    uint8_t* const bytes = input.picture(index);
    if (bytes == nullptr) return false;
    const auto frame = frame_over(bytes, job);
    frame->pts = static_cast<int64_t>(index);
    if (avcodec_send_frame(codec.get(), frame.get()) != 0 || !write_packets(*codec, *file))
      return false;
  }
  return avcodec_send_frame(codec.get(), nullptr) == 0 && write_packets(*codec, *file) &&
         av_write_trailer(file.get()) == 0;
}

}  // namespace
}  // namespace millrace::bench

int main(int argc, char** argv) {
  if (argc != 9) {
    std::fprintf(stderr,
                 "usage: encode_raw_frames read|mmap IN.nv12 WIDTH HEIGHT KEYINT THREADS OUT.mkv "
                 "X264-OPTIONS\n");
    return 2;
  }
  av_log_set_level(AV_LOG_ERROR);
  const millrace::bench::Job job{.mapped = std::string_view(argv[1]) == "mmap",
                                 .in = argv[2],
                                 .width = std::atoi(argv[3]),
                                 .height = std::atoi(argv[4]),
                                 .keyint = std::atoi(argv[5]),
                                 .threads = std::atoi(argv[6]),
                                 .out = argv[7],
                                 .x264_options = argv[8]};
  if (millrace::bench::encode(job)) return 0;
  std::fprintf(stderr, "error: %s was not written\n", job.out);
  return 1;
}
