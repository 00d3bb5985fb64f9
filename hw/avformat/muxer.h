// SPDX-License-Identifier: MIT
// Muxer: compressed packets of several streams with one clock into one file.
//
// The header is written when every stream has shown its first key packet, because only that holds
// the parameter sets; packets before a stream's first key packet cannot be decoded and are left
// out. Frames are gathered for at most half a second of their own time and then written as one
// whole cluster or fragment, whatever their rate and wherever the key frames are: a crash loses no
// more. Confined to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/memory/buffer.h"
#include "hw/avformat/av_handles.h"
#include "hw/avformat/mux_settings.h"
#include "hw/avformat/output_file.h"
#include "hw/avformat/packet_filter.h"

namespace millrace::avformat {

class Muxer {
 public:
  /// Makes the file, so that one that cannot be written is known before anything runs.
  [[nodiscard]] static Result<std::unique_ptr<Muxer>> create(const MuxSettings& settings);
  ~Muxer();

  /// Writes one access unit of `stream`. Its bytes are only borrowed.
  [[nodiscard]] Result<> write(size_t stream, const Buffer& unit);

  /// Ends the file. Without a single packet there is nothing to keep, and the file is removed.
  /// Later calls do nothing.
  [[nodiscard]] Result<> finish();

 private:
  struct Stream {
    PacketFormat format;
    AVStream* stream = nullptr;  ///< of `context_`
    std::optional<PacketFilter> filter;
    Duration step{};                 ///< one frame at the nominal rate
    std::optional<Duration> newest;  ///< presentation time of the newest packet
    int64_t last_dts = INT64_MIN;    ///< in the stream's time base
    bool started = false;            ///< its first key packet has been seen
  };

  struct Waiting {
    size_t stream;
    PacketHandle packet;
  };

  Muxer(std::unique_ptr<OutputFile> file, MuxerHandle context, Container container);
  [[nodiscard]] Result<> end_file();
  [[nodiscard]] std::string fate() const;
  [[nodiscard]] Result<> add_stream(const PacketFormat& format, const std::string& encoder_tag);
  [[nodiscard]] Result<> accept(size_t index);
  [[nodiscard]] Result<> start(Stream& stream);
  [[nodiscard]] Result<> write_header();
  [[nodiscard]] Result<> write_waiting();
  [[nodiscard]] Result<> write_packet(size_t index, AVPacket& packet);
  [[nodiscard]] int flush_if_due(Duration begin, Duration length);
  void keep_time_of_next_fragment();
  [[nodiscard]] Failure write_failed(int code) const;
  void describe_packet(Stream& stream, const Buffer& unit, std::span<const std::byte> bytes);

  std::unique_ptr<OutputFile> file_;
  MuxerHandle context_;
  Container container_;
  PacketHandle packet_;  ///< of the call in progress; its times are nanoseconds
  std::vector<Stream> streams_;
  std::vector<Waiting> waiting_;  ///< copies of packets that came before the header
  std::optional<Duration>
      gathered_since_;    ///< time of the first packet that is not in the file yet
  WrittenFile gathered_;  ///< with what waits for the end of its cluster or fragment
  WrittenFile whole_;     ///< for good
  std::function<void(const WrittenFile&)> on_end_;
  bool header_written_ = false;
  bool finished_ = false;
};

}  // namespace millrace::avformat
