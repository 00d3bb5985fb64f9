// SPDX-License-Identifier: MIT
#include "hw/avformat/muxer.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include "hw/avformat/annex_b.h"
#include "hw/avformat/av_error.h"
#include "hw/avformat/colour_codes.h"
#include "hw/avformat/mux_options.h"

namespace millrace::avformat {
namespace {

constexpr AVRational nanoseconds{1, 1'000'000'000};
constexpr Duration longest_gathering = std::chrono::milliseconds(500);

Failure out_of_memory(const std::string& path) {
  return fail(ErrorKind::internal, fmt::format("write {}: out of memory", path));
}

Duration frame_step(Fraction rate) {
  if (rate.num <= 0 || rate.den <= 0) return std::chrono::milliseconds(1);
  return Duration(static_cast<int64_t>(1e9 / rate.value()));
}

}  // namespace

Muxer::Muxer(std::unique_ptr<OutputFile> file, MuxerHandle context, Container container)
    : file_(std::move(file)),
      context_(std::move(context)),
      container_(container),
      packet_(av_packet_alloc()) {}

Muxer::~Muxer() = default;

Result<std::unique_ptr<Muxer>> Muxer::create(const MuxSettings& settings) {
  route_av_log();
  const Container container = MILLRACE_TRY(resolve_container(settings.container, settings.path));
  AVFormatContext* made = nullptr;
  const char* const format = muxer_name(container);
  if (const int code = avformat_alloc_output_context2(&made, nullptr, format, nullptr); code < 0) {
    return fail_av(ErrorKind::unavailable, fmt::format("prepare a {} muxer", format), code,
                   "Install Debian's libavformat.");
  }
  MuxerHandle context(made);
  std::unique_ptr<OutputFile> file =
      MILLRACE_TRY(OutputFile::create({.path = settings.path,
                                       .overwrite = settings.overwrite,
                                       .stream = settings.stream,
                                       .min_free = settings.min_free,
                                       .on_low_space = settings.on_low_space,
                                       .stop = settings.stop}));
  std::unique_ptr<Muxer> muxer(new Muxer(std::move(file), std::move(context), container));
  Result<> added = muxer->packet_ ? Result<>() : out_of_memory(settings.path);
  if (added && container == Container::mp4 && !muxer->file_->seekable()) {
    added = fail(ErrorKind::usage,
                 fmt::format("write {}: plain MP4 cannot be written to a pipe", settings.path),
                 "Use --container fmp4 or mkv.");
  }
  for (const PacketFormat& stream : settings.streams) {
    if (added) added = muxer->add_stream(stream, settings.encoder_tag);
  }
  if (!added) {
    muxer->file_->discard();
    return fail(std::move(added.error()));
  }
  muxer->context_->pb = muxer->file_->io();
  muxer->on_end_ = settings.on_end;
  return muxer;
}

Result<> Muxer::add_stream(const PacketFormat& format, const std::string& encoder_tag) {
  Stream& stream = streams_.emplace_back();
  stream.format = format;
  stream.step = frame_step(format.frame_rate);
  stream.stream = avformat_new_stream(context_.get(), nullptr);
  if (stream.stream == nullptr) return out_of_memory(file_->path());
  describe_stream(format, encoder_tag, *stream.stream);
  if (!format.colour_in_stream && format.colour.is_known()) {
    stream.filter = MILLRACE_TRY(PacketFilter::create(format));
  }
  return {};
}

void Muxer::describe_packet(Stream& stream, const Buffer& unit, std::span<const std::byte> bytes) {
  const BufferTiming& timing = unit.timing;
  const Duration follows = stream.newest ? *stream.newest + stream.step : Duration{};
  const Duration pts = timing.pts.value_or(follows);
  stream.newest = pts;
  // libav takes no pointer to const, yet writes to no packet that it does not own.
  packet_->data = reinterpret_cast<uint8_t*>(const_cast<std::byte*>(bytes.data()));
  packet_->size = static_cast<int>(bytes.size());
  packet_->pts = pts.count();
  packet_->dts = timing.dts.value_or(pts).count();
  packet_->duration = timing.duration.value_or(stream.step).count();
  packet_->flags = unit.flags.key ? AV_PKT_FLAG_KEY : 0;
  if (unit.flags.corrupted) packet_->flags |= AV_PKT_FLAG_CORRUPT;
  packet_->stream_index = stream.stream->index;
}

Result<> Muxer::write(size_t index, const Buffer& unit) {
  Stream& stream = streams_.at(index);
  if (!stream.started && !unit.flags.key) return {};
  const ReadView view = MILLRACE_TRY(unit.read());
  if (view.bytes().size() > INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE) {
    return fail(ErrorKind::internal, fmt::format("write {}: a packet of {} bytes is too large",
                                                 file_->path(), view.bytes().size()));
  }
  describe_packet(stream, unit, view.bytes());
  Result<> written = accept(index);
  av_packet_unref(packet_.get());
  return written;
}

Result<> Muxer::accept(size_t index) {
  Stream& stream = streams_[index];
  // Parameter sets stand in front of key pictures only; the filter takes every unit apart.
  if (stream.filter && (packet_->flags & AV_PKT_FLAG_KEY) != 0) {
    MILLRACE_TRY(stream.filter->apply(*packet_));
  }
  if (!stream.started) MILLRACE_TRY(start(stream));
  if (header_written_) return write_packet(index, *packet_);
  if (streams_.size() > 1) {
    PacketHandle copy(av_packet_clone(packet_.get()));
    if (!copy) return out_of_memory(file_->path());
    waiting_.push_back({index, std::move(copy)});
  }
  if (!std::ranges::all_of(streams_, &Stream::started)) return {};
  MILLRACE_TRY(write_header());
  return streams_.size() > 1 ? write_waiting() : write_packet(index, *packet_);
}

Result<> Muxer::start(Stream& stream) {
  const std::vector<uint8_t> sets = parameter_sets(
      {reinterpret_cast<const std::byte*>(packet_->data), static_cast<size_t>(packet_->size)});
  if (sets.empty()) {
    return fail(ErrorKind::internal,
                fmt::format("write {}: the first key packet has no SPS and PPS", file_->path()),
                "The encoder must put its parameter sets in front of every key frame.");
  }
  AVCodecParameters& codec = *stream.stream->codecpar;
  codec.extradata = static_cast<uint8_t*>(av_mallocz(sets.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (codec.extradata == nullptr) return out_of_memory(file_->path());
  std::memcpy(codec.extradata, sets.data(), sets.size());
  codec.extradata_size = static_cast<int>(sets.size());
  stream.started = true;
  return {};
}

Result<> Muxer::write_header() {
  AVDictionary* options = muxer_options(container_);
  context_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  const int code = avformat_write_header(context_.get(), &options);
  av_dict_free(&options);
  if (code < 0) return write_failed(code);
  header_written_ = true;
  keep_time_of_next_fragment();
  return {};
}

/// Otherwise a fragment begins where the one before ended, and a gap between them moves all that
/// follows. libavformat takes the flag back with each fragment's first packet.
/// https://ffmpeg.org/ffmpeg-formats.html (mov, frag_discont)
void Muxer::keep_time_of_next_fragment() {
  if (container_ == Container::fmp4) {
    av_opt_set(context_->priv_data, "movflags", "+frag_discont", 0);
  }
}

Result<> Muxer::write_waiting() {
  for (const Waiting& early : waiting_) MILLRACE_TRY(write_packet(early.stream, *early.packet));
  waiting_.clear();
  return {};
}

Result<> Muxer::write_packet(size_t index, AVPacket& packet) {
  Stream& stream = streams_[index];
  const Duration begin(packet.pts);
  const Duration length(packet.duration);
  av_packet_rescale_ts(&packet, nanoseconds, stream.stream->time_base);
  // Two frames may fall into one tick of a coarse time base; containers want rising times.
  if (packet.dts <= stream.last_dts) packet.dts = stream.last_dts + 1;
  packet.pts = std::max(packet.pts, packet.dts);
  stream.last_dts = packet.dts;
  const WrittenFile before = gathered_;
  gathered_ = {false, before.frames + 1, std::max(before.length, begin + length)};
  int code = streams_.size() == 1 ? av_write_frame(context_.get(), &packet)
                                  : av_interleaved_write_frame(context_.get(), &packet);
  if (code >= 0) code = flush_if_due(begin, length);
  if (code < 0) return write_failed(code);
  if (!file_->check()) return write_failed(code);
  // A cluster that is full ends in front of the packet that has no room in it.
  if (file_->mark_whole() && container_ != Container::mp4) {
    whole_ = gathered_since_ ? before : gathered_;
  }
  return {};
}

/// By themselves the muxers look at the clock only when the next packet comes, which at slow rates
/// is too late.
int Muxer::flush_if_due(Duration begin, Duration length) {
  const bool gathers = container_ == Container::mkv || container_ == Container::fmp4;
  if (!gathers) return 0;
  if (!gathered_since_) gathered_since_ = begin;
  if (begin + 2 * length - *gathered_since_ <= longest_gathering) return 0;
  gathered_since_.reset();
  const int code = av_write_frame(context_.get(), nullptr);
  keep_time_of_next_fragment();
  return code;
}

std::string Muxer::fate() const {
  if (!file_->regular()) return {};
  if (container_ == Container::mp4) {
    return " What was written does not play: a plain MP4 has its index at the end. A fragmented "
           "one, without --container mp4, would.";
  }
  return whole_.frames == 0 ? " Nothing was saved." : " What was written before is kept.";
}

Failure Muxer::write_failed(int code) const {
  Result<> failed = file_->check();
  if (failed) {
    failed = fail_av(ErrorKind::output_failed, fmt::format("write {}", file_->path()), code,
                     "Look at the disk, or choose another --container.");
  }
  failed.error().remedy += fate();
  return fail(std::move(failed.error()));
}

Result<> Muxer::finish() {
  if (finished_) return {};
  finished_ = true;
  Result<> ended = end_file();
  if (on_end_) on_end_(whole_);
  return ended;
}

Result<> Muxer::end_file() {
  // After a failed write the file is cut to what is whole, as if the program had been killed there:
  // a trailer would speak of packets that are not in it.
  const bool can_end = header_written_ && file_->check();
  const int code = can_end ? av_write_trailer(context_.get()) : 0;
  const bool failed = code < 0 || !file_->check();
  // What broke off without a frame is nothing; a plain MP4 can be repaired by those who know how.
  if (!header_written_ || (failed && whole_.frames == 0 && container_ != Container::mp4)) {
    file_->discard();
    return failed ? Result<>(write_failed(code)) : Result<>();
  }
  if (!failed) whole_ = gathered_;
  whole_.stands = file_->regular() && whole_.frames > 0 && file_->has_its_name();
  Result<> closed = file_->close();
  if (failed) return write_failed(code);
  return closed;
}

}  // namespace millrace::avformat
