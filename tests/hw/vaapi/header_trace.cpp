// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/header_trace.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavutil/log.h>
}

namespace millrace::vaapi::testing {
namespace {

// The filter speaks through the log only; a test program has one thread that listens.
HeaderTrace* listener = nullptr;

/// "42          profile_idc      01100100 = 100": the position, the name, the bits, the value.
bool note_element(const std::string& line) {
  const size_t equals = line.rfind(" = ");
  std::istringstream words(line);
  int position = 0;
  std::string name;
  if (equals == std::string::npos || !(words >> position >> name)) return false;
  listener->elements.push_back({name, std::strtoll(line.c_str() + equals + 3, nullptr, 10)});
  return true;
}

void listen(void*, int level, const char* format, va_list arguments) {
  if (listener == nullptr || level > AV_LOG_INFO) return;
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  std::string line(text.data());
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (level <= AV_LOG_WARNING) {
    listener->complaints += line + "; ";
  } else if (!note_element(line)) {
    listener->units.push_back(line);
  }
}

struct FreeFilter {
  void operator()(AVBSFContext* filter) const { av_bsf_free(&filter); }
};

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

using Filter = std::unique_ptr<AVBSFContext, FreeFilter>;
using Packet = std::unique_ptr<AVPacket, FreePacket>;

Filter open_filter() {
  AVBSFContext* made = nullptr;
  if (av_bsf_alloc(av_bsf_get_by_name("trace_headers"), &made) < 0) return nullptr;
  Filter filter(made);
  filter->par_in->codec_type = AVMEDIA_TYPE_VIDEO;
  filter->par_in->codec_id = AV_CODEC_ID_H264;
  return av_bsf_init(filter.get()) < 0 ? nullptr : std::move(filter);
}

}  // namespace

std::optional<int64_t> HeaderTrace::value(const std::string& name) const {
  const auto found = std::find_if(elements.begin(), elements.end(),
                                  [&](const SyntaxElement& each) { return each.name == name; });
  if (found == elements.end()) return std::nullopt;
  return found->value;
}

std::vector<int64_t> HeaderTrace::values(const std::string& name) const {
  std::vector<int64_t> found;
  for (const SyntaxElement& each : elements) {
    if (each.name == name) found.push_back(each.value);
  }
  return found;
}

HeaderTrace trace_headers(std::span<const uint8_t> stream) {
  HeaderTrace trace;
  const Packet packet(av_packet_alloc());
  if (!packet || av_new_packet(packet.get(), static_cast<int>(stream.size())) < 0) {
    trace.complaints = "no memory";
    return trace;
  }
  std::copy(stream.begin(), stream.end(), packet->data);
  listener = &trace;
  av_log_set_callback(listen);
  const Filter filter = open_filter();
  if (!filter || av_bsf_send_packet(filter.get(), packet.get()) < 0 ||
      av_bsf_receive_packet(filter.get(), packet.get()) < 0) {
    trace.complaints += "the reader gave up";
  }
  av_log_set_callback(av_log_default_callback);
  listener = nullptr;
  return trace;
}

}  // namespace millrace::vaapi::testing
