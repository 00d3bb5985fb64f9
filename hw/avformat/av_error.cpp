// SPDX-License-Identifier: MIT
#include "hw/avformat/av_error.h"

#include <cstdarg>
#include <mutex>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/log.h>
}

#include "engine/base/log.h"

namespace millrace::avformat {
namespace {

/// Called by libav on any thread. Damaged files make it talk a lot: it is for `-v` only.
void log_line(void* object, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_WARNING || !log::enabled(log::Level::debug)) return;
  char line[512];
  int prefix = 1;
  av_log_format_line2(object, level, format, arguments, line, sizeof line, &prefix);
  std::string_view text(line);
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.empty()) log::debug("avformat", text);
}

}  // namespace

std::string av_text(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

Failure fail_av(ErrorKind kind, const std::string& what, int code, std::string remedy) {
  return fail(kind, what + ": " + av_text(code), std::move(remedy), code);
}

void route_av_log() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(log_line); });
}

}  // namespace millrace::avformat
