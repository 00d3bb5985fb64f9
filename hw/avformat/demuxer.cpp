// SPDX-License-Identifier: MIT
#include "hw/avformat/demuxer.h"

#include <fmt/format.h>

#include "engine/base/log.h"
#include "hw/avformat/av_error.h"
#include "hw/avformat/input_file.h"

namespace millrace::avformat {
namespace {

Failure nothing_readable(const std::string& path, int code) {
  return fail_av(ErrorKind::source_lost, fmt::format("read {}", path), code,
                 "The file is damaged or no media file: try to play it, or name another one.");
}

}  // namespace

Result<Demuxer> Demuxer::open(const std::string& path) {
  route_av_log();
  MILLRACE_TRY(open_input_file(path));
  AVDictionary* options = nullptr;
  // A play list must not make us open what the user did not name.
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  AVFormatContext* opened = nullptr;
  const std::string url = "file:" + path;
  int code = avformat_open_input(&opened, url.c_str(), nullptr, &options);
  av_dict_free(&options);
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
