// SPDX-License-Identifier: MIT
#include "app/compose.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/device_output.h"
#include "app/late_output.h"
#include "app/open_source.h"
#include "app/output_file.h"
#include "engine/base/log.h"
#include "hw/avformat/container.h"
#include "hw/dmabuf/udmabuf_allocator.h"
#include "hw/libyuv/convert_stage.h"
#include "hw/vaapi/find_display.h"

namespace millrace::app {
namespace {

Result<std::shared_ptr<vaapi::Display>> open_display(const std::string& device) {
  if (device == "software") {
    return vaapi::Display::open_without_device(vaapi::software_driver);
  }
  vaapi::FoundDisplay found =
      MILLRACE_TRY(vaapi::find_display(device == "auto" ? std::string() : device));
  for (const std::string& place : found.passed_over) log::debug("app", "passed over: " + place);
  return std::move(found.display);
}

vaapi::RateMode rate_mode(RateControl control) {
  switch (control) {
    case RateControl::automatic:
      return vaapi::RateMode::automatic;
    case RateControl::cqp:
      return vaapi::RateMode::cqp;
    case RateControl::vbr:
      return vaapi::RateMode::vbr;
    case RateControl::cbr:
      return vaapi::RateMode::cbr;
  }
  return vaapi::RateMode::automatic;
}

vaapi::MemoryPath memory_path(MemoryChoice choice) {
  switch (choice) {
    case MemoryChoice::automatic:
      return vaapi::MemoryPath::automatic;
    case MemoryChoice::dmabuf:
      return vaapi::MemoryPath::shared;
    case MemoryChoice::cpu:
      return vaapi::MemoryPath::copied;
  }
  return vaapi::MemoryPath::automatic;
}

uint32_t even(uint32_t side) {
  return side + side % 2;
}

Result<vaapi::EncoderSettings> encoder_settings(const EncodeSettings& encode,
                                                const VideoFormat& video, const Colour& colour) {
  vaapi::EncoderSettings settings;
  settings.width = even(video.width);
  settings.height = even(video.height);
  settings.frame_rate = video.frame_rate;
  settings.colour = colour;
  settings.rate_mode = rate_mode(encode.rate_control);
  settings.qp = encode.qp;
  settings.bitrate = encode.bitrate;
  settings.max_bitrate = encode.max_bitrate;
  settings.keyint = MILLRACE_TRY(keyint_frames(encode, video.frame_rate));
  settings.quality_preset = encode.preset;
  settings.memory_path = memory_path(encode.memory);
  return settings;
}

/// Whether some way into the encoder takes this pixel format.
bool takes(const StageOffer& encoder, PixelFormat format) {
  const PortOffer* port = encoder.port("in");
  if (!port) return false;
  return std::ranges::any_of(port->alternatives, [format](const Alternative& way) {
    const auto& formats = way.layout.formats;
    return formats.empty() ||
           std::ranges::find(formats, format, &FormatChoice::format) != formats.end();
  });
}

/// Null where the encoder takes the source's frames as they are.
Result<std::unique_ptr<Stage>> make_converter(const OpenSource& source, const Colour& colour,
                                              const StageOffer& encoder) {
  const VideoFormat& video = source.video;
  const bool fits = video.width % 2 == 0 && video.height % 2 == 0 && !source.changes_size &&
                    video.width == source.encoded.width && video.height == source.encoded.height;
  if (fits && takes(encoder, video.format)) return std::unique_ptr<Stage>();
  VideoFormat out = source.encoded;
  out.format = PixelFormat::nv12;
  out.width = even(out.width);
  out.height = even(out.height);
  out.colour = colour;
  return yuv::ConvertStage::create({video, out});
}

Fact<uint64_t> depth(uint64_t buffers, const char* why) {
  return {buffers, documented(why)};
}

avformat::Container container(ContainerChoice choice) {
  switch (choice) {
    case ContainerChoice::automatic:
      return avformat::Container::automatic;
    case ContainerChoice::mkv:
      return avformat::Container::mkv;
    case ContainerChoice::mp4:
      return avformat::Container::mp4;
    case ContainerChoice::fmp4:
      return avformat::Container::fmp4;
    case ContainerChoice::h264:
      return avformat::Container::h264;
  }
  return avformat::Container::automatic;
}

avformat::MuxSettings mux_settings(const PipelineConfig& config, const Output& output,
                                   const vaapi::EncoderFacts& encoder) {
  return {.path = output.path,
          .container = container(config.output.container),
          .overwrite = output.replace,
          .streams = {encoder.packets},
          .encoder_tag =
              fmt::format("millrace {} ({}{})", MILLRACE_VERSION,
                          encoder.software ? "software VA driver " : "VA driver ", encoder.driver),
          .stream = output.stream,
          .min_free = config.output.min_free,
          .on_low_space = output.on_low_disk,
          .on_end = output.on_end,
          .stop = output.stop};
}

struct Stages {
  OpenSource source;
  std::unique_ptr<Stage> convert;
  std::unique_ptr<Stage> encode;
  std::unique_ptr<Stage> mux;
};

Result<Graph> make_graph(Stages stages) {
  const auto frames = depth(2, "app/compose: one frame is written while one waits");
  const auto packets = depth(8, "app/compose: packets wait while the disk is busy");
  const bool converts = stages.convert != nullptr;
  Graph graph;
  MILLRACE_TRY(graph.add("source", std::move(stages.source.stage)));
  if (converts) MILLRACE_TRY(graph.add("convert", std::move(stages.convert)));
  MILLRACE_TRY(graph.add("encode", std::move(stages.encode)));
  MILLRACE_TRY(graph.add("mux", std::move(stages.mux)));
  MILLRACE_TRY(graph.link("source.out", converts ? "convert.in" : "encode.in", frames));
  if (converts) MILLRACE_TRY(graph.link("convert.out", "encode.in", frames));
  MILLRACE_TRY(graph.link("encode.out", "mux.video0", packets));
  return graph;
}

/// What the user is told of the source, now and while it runs.
void describe_source(const OpenSource& source, Composition& made) {
  made.source = source.video;
  made.source_detail = source.detail;
  made.remarks = source.remarks;
  made.notices = source.notices;
}

/// Null where the device takes the source's frames as they are.
Result<std::unique_ptr<Stage>> make_converter(const VideoFormat& video, const VideoFormat& taken) {
  const bool same =
      video.format == taken.format && video.width == taken.width && video.height == taken.height;
  if (same) return std::unique_ptr<Stage>();
  return yuv::ConvertStage::create({video, taken});
}

Result<Graph> make_device_graph(OpenSource source, std::unique_ptr<Stage> convert,
                                std::unique_ptr<Stage> output) {
  const auto frames = depth(2, "app/compose: one frame is shown while one waits");
  const bool converts = convert != nullptr;
  Graph graph;
  MILLRACE_TRY(graph.add("source", std::move(source.stage)));
  if (converts) MILLRACE_TRY(graph.add("convert", std::move(convert)));
  MILLRACE_TRY(graph.add("output", std::move(output)));
  MILLRACE_TRY(graph.link("source.out", converts ? "convert.in" : "output.in", frames));
  if (converts) MILLRACE_TRY(graph.link("convert.out", "output.in", frames));
  return graph;
}

/// Whoever watches the device wants to see frames at their times.
PipelineConfig in_real_time(PipelineConfig config) {
  config.source.realtime = true;
  return config;
}

Result<Composition> compose_for_device(const PipelineConfig& config, const Output& output) {
  Composition made;
  OpenSource source = MILLRACE_TRY(open_source(in_real_time(config)));
  describe_source(source, made);
  const Colour colour = MILLRACE_TRY(encoded_colour(made.source, wish_of(config.encode)));
  DeviceOutput device = MILLRACE_TRY(open_device_output(output.path, source, colour));
  made.device = device.stage.get();
  std::unique_ptr<Stage> convert = MILLRACE_TRY(make_converter(source.video, device.taken));
  made.graph = MILLRACE_TRY(
      make_device_graph(std::move(source), std::move(convert), std::move(device.stage)));
  made.allocators = machine_heaps();
  return made;
}

}  // namespace

AllocatorSet machine_heaps() {
  AllocatorSet heaps = AllocatorSet::standard();
  Result<std::unique_ptr<Allocator>> udmabuf = dmabuf::UdmabufAllocator::create();
  if (!udmabuf) {
    log::debug("app", "no udmabuf: " + udmabuf.error().what);
    return heaps;
  }
  heaps.prefer({.allocator = udmabuf.take(), .origin = "open /dev/udmabuf"});
  return heaps;
}

Result<Composition> compose(const PipelineConfig& config, const Output& output) {
  if (output.is_device) return compose_for_device(config, output);
  Composition made;
  // A name without a known container is a wrong option: it is told before anything is opened.
  static_cast<void>(
      MILLRACE_TRY(avformat::resolve_container(container(config.output.container), output.path)));
  Stages stages;
  stages.source = MILLRACE_TRY(open_source(config));
  describe_source(stages.source, made);
  MILLRACE_TRY(
      check_file_limit(payload_bytes(made.source.format, made.source.width, made.source.height)));
  const Colour colour = MILLRACE_TRY(encoded_colour(made.source, wish_of(config.encode)));
  const std::shared_ptr<vaapi::Display> display = MILLRACE_TRY(open_display(config.encode.device));
  const vaapi::EncoderSettings settings =
      MILLRACE_TRY(encoder_settings(config.encode, stages.source.encoded, colour));
  std::unique_ptr<vaapi::EncodeStage> encode =
      MILLRACE_TRY(vaapi::EncodeStage::create(display, settings));
  made.encoder = &encode->facts();
  stages.convert = MILLRACE_TRY(make_converter(stages.source, colour, encode->describe()));
  stages.encode = std::move(encode);
  stages.mux =
      std::make_unique<LateOutput>(mux_settings(config, output, *made.encoder), output.stop);
  made.graph = MILLRACE_TRY(make_graph(std::move(stages)));
  made.allocators = machine_heaps();
  return made;
}

}  // namespace millrace::app
