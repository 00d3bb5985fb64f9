// SPDX-License-Identifier: MIT
#include "app/open_source.h"

#include "app/source_choice.h"
#include "engine/stages/test_bars_source.h"
#include "hw/avformat/file_source.h"
#include "hw/x11/source.h"

namespace millrace::app {
namespace {

Result<OpenSource> make_test_bars(const PipelineConfig& config) {
  const SourceSettings& source = config.source;
  VideoFormat video{source.format, source.size.width, source.size.height, source.frame_rate, {}};
  // The bars are painted in the colour that is asked for; RGB is converted to it later.
  if (!facts(source.format).rgb) video.colour = wished_colour(wish_of(config.encode));
  std::unique_ptr<Stage> stage =
      MILLRACE_TRY(TestBarsSource::create({video, source.realtime, source.stride, source.name}));
  return OpenSource{.stage = std::move(stage), .video = video, .encoded = video};
}

Result<OpenSource> open_file(const PipelineConfig& config) {
  const SourceSettings& source = config.source;
  avformat::FileSourceSettings settings{.path = source.path,
                                        .realtime = source.realtime,
                                        .rgb_target = wished_colour(wish_of(config.encode))};
  if (is_raw_file(source.path)) {
    settings.raw = VideoFormat{source.format, source.size.width, source.size.height,
                               source.frame_rate, wished_colour(wish_of(config.encode))};
  }
  std::unique_ptr<avformat::FileSource> file = MILLRACE_TRY(avformat::FileSource::open(settings));
  const VideoFormat video = file->video();
  const avformat::FileSource* const borrowed = file.get();
  return OpenSource{
      .stage = std::move(file), .video = video, .encoded = video, .notices = [borrowed] {
        return borrowed->notices();
      }};
}

Result<OpenSource> open_desktop(const PipelineConfig& config) {
  const SourceSettings& source = config.source;
  std::unique_ptr<x11::Source> desktop =
      MILLRACE_TRY(x11::Source::open({.display = source.display,
                                      .target = source.target,
                                      .cursor = source.cursor,
                                      .frame_rate = source.frame_rate,
                                      .origin = source.name}));
  const x11::Source* const borrowed = desktop.get();
  OpenSource made{.video = desktop->video(),
                  .encoded = desktop->video(),
                  .changes_size = true,
                  .detail = desktop->what()};
  if (desktop->sees_x_clients_only() && source.target.kind != x11::Target::Kind::window) {
    if (!source.chosen_because.empty()) return hidden_by_wayland("the X server is Xwayland");
    made.remarks.push_back(
        "the X server is Xwayland: X clients alone are in the picture, the rest is black; an X11 "
        "session shows everything");
  }
  if (source.scaled_to) {
    made.encoded.width = source.scaled_to->width;
    made.encoded.height = source.scaled_to->height;
  }
  made.notices = [borrowed] { return borrowed->notices(); };
  made.stage = std::move(desktop);
  return made;
}

Result<OpenSource> open_kind(const PipelineConfig& config) {
  switch (config.source.kind) {
    case SourceKind::file:
      return open_file(config);
    case SourceKind::desktop:
      return open_desktop(config);
    case SourceKind::test_bars:
      return make_test_bars(config);
  }
  return make_test_bars(config);
}

}  // namespace

ColourWish wish_of(const EncodeSettings& encode) {
  return {encode.matrix, encode.range};
}

Result<OpenSource> open_source(const PipelineConfig& config) {
  OpenSource source = MILLRACE_TRY(open_kind(config));
  const std::string& because = config.source.chosen_because;
  if (!because.empty()) source.remarks.insert(source.remarks.begin(), because);
  return source;
}

}  // namespace millrace::app
