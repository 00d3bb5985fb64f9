// SPDX-License-Identifier: MIT
#include "hw/avformat/demuxer.h"

#include <fmt/format.h>

extern "C" {
#include <libavutil/opt.h>
}

#include "engine/base/log.h"
#include "hw/avformat/av_error.h"
#include "hw/avformat/input_file.h"

namespace millrace::avformat {
namespace {

Failure nothing_readable(const std::string& path, int code) {
  return fail_av(ErrorKind::source_lost, fmt::format("read {}", path), code,
                 "The file is damaged or no media file: try to play it, or name another one.");
}

// A play list must not make us open what the user did not name: it could be a pipe, which would
// block for ever. The first file is the named one; after it no protocol is left, for inner demuxers
// too.
int open_named_file(AVFormatContext* context, AVIOContext** io, const char* url, int flags,
                    AVDictionary** options) {
  const int code = avio_open2(io, url, flags, &context->interrupt_callback, options);
  const int closed = av_opt_set(context, "protocol_whitelist", "none", 0);
  context->io_open = [](AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR_INVALIDDATA;
  };
  return code < 0 ? code : closed;
}

}  // namespace

Result<Demuxer> Demuxer::open(const std::string& path) {
  route_av_log();
  MILLRACE_TRY(open_input_file(path));
  AVFormatContext* opened = avformat_alloc_context();
  if (opened == nullptr) return nothing_readable(path, AVERROR(ENOMEM));
  opened->io_open = open_named_file;
  const std::string url = "file:" + path;
  int code = avformat_open_input(&opened, url.c_str(), nullptr, nullptr);
  if (code < 0) return nothing_readable(path, code);
  InputHandle context(opened);
  code = avformat_find_stream_info(context.get(), nullptr);
  if (code < 0) return nothing_readable(path, code);
  code = av_find_best_stream(context.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (code < 0) {
    return fail(ErrorKind::usage, fmt::format("open {}: there is no video in it", path),
                "Name a file with a video stream behind file:.");
  }
  AVStream* const stream = context->streams[code];
  for (unsigned index = 0; index < context->nb_streams; ++index) {
    if (context->streams[index] != stream) context->streams[index]->discard = AVDISCARD_ALL;
  }
  return Demuxer(path, std::move(context), stream);
}

bool Demuxer::read(AVPacket& packet) {
  for (;;) {
    const int code = av_read_frame(context_.get(), &packet);
    if (code == AVERROR(EAGAIN)) continue;
    if (code < 0) {
      if (code != AVERROR_EOF) {
        log::warning("avformat",
                     fmt::format("read {}: {}; the clip ends here", path_, av_text(code)));
      }
      return false;
    }
    if (packet.stream_index == stream_->index) return true;
    av_packet_unref(&packet);
  }
}

}  // namespace millrace::avformat
