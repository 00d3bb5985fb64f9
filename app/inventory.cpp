// SPDX-License-Identifier: MIT
#include "app/inventory.h"

#include <algorithm>
#include <filesystem>

#include <va/va.h>

#include <fmt/format.h>

#include "engine/format/pixel_format.h"
#include "hw/libyuv/convert_stage.h"
#include "hw/vaapi/caps.h"
#include "hw/vaapi/display.h"
#include "hw/x11/area.h"
#include "hw/x11/inventory.h"

namespace millrace::app {
namespace {

std::string profile_name(vaapi::H264Profile profile) {
  switch (profile) {
    case vaapi::H264Profile::high:
      return "High";
    case vaapi::H264Profile::main:
      return "Main";
    case vaapi::H264Profile::constrained_baseline:
      return "Constrained Baseline";
  }
  return {};
}

EncodeWay way_of(const vaapi::EncodeCaps& caps) {
  EncodeWay way;
  way.profile = profile_name(caps.h264_profile());
  way.entrypoint = caps.entrypoint == VAEntrypointEncSliceLP ? "low power" : "full";
  const uint32_t modes = caps.rate_control.value.value_or(VA_RC_NONE);
  if (modes & VA_RC_CQP) way.rate_controls.emplace_back("cqp");
  if (modes & VA_RC_VBR) way.rate_controls.emplace_back("vbr");
  if (modes & VA_RC_CBR) way.rate_controls.emplace_back("cbr");
  way.max_width = caps.max_width.value.value_or(0);
  way.max_height = caps.max_height.value.value_or(0);
  return way;
}

}  // namespace

std::vector<std::string> render_nodes() {
  std::vector<std::string> nodes;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/dev/dri", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with("renderD")) nodes.push_back(it->path().string());
  }
  std::ranges::sort(nodes);
  return nodes;
}

Result<EncoderEntry> look_at_encoder(const std::string& device) {
  const bool software = device == "software";
  const std::shared_ptr<vaapi::Display> display =
      MILLRACE_TRY(software ? vaapi::Display::open_without_device(vaapi::software_driver)
                            : vaapi::Display::open_node(device));
  EncoderEntry entry{device, display->driver(), display->vendor(), display->is_software(), {}};
  const std::vector<vaapi::EncodeCaps> ways = MILLRACE_TRY(vaapi::probe_h264(*display));
  for (const vaapi::EncodeCaps& caps : ways) entry.ways.push_back(way_of(caps));
  return entry;
}

std::vector<SourceEntry> known_sources() {
  return {
      {"auto", "the default: the X11 desktop where there is one, else test:bars"},
      {"x11:", "the whole screen of $DISPLAY; x11::1 is that of another display"},
      {"monitor:NAME", "one monitor of it; the names are below"},
      {"region:WxH+X+Y", "a part of the screen, like region:1280x720+0+0"},
      {"window:ID", "one window, whatever lies over it; the ids are below"},
      {"test:bars",
       "SMPTE bars with a moving square, a frame counter and a clock; any --size, "
       "--fps and --format; ;stride=N pins the bytes of a row"},
      {"file:PATH",
       "any media file that libavformat and libavcodec read, .y4m, and raw .nv12 with "
       "--size and --fps"},
  };
}

Result<std::vector<SourceEntry>> desktop_sources() {
  const x11::TargetList targets = MILLRACE_TRY(x11::list_targets());
  std::vector<SourceEntry> sources;
  for (const x11::MonitorInfo& monitor : targets.monitors) {
    sources.push_back(
        {"monitor:" + monitor.name,
         x11::place_text(monitor.area) + (monitor.primary ? ", the primary one" : "")});
  }
  for (const x11::WindowInfo& window : targets.windows) {
    sources.push_back(
        {fmt::format("window:{:#x}", window.id),
         fmt::format("{}{}{}", x11::place_text(window.area), window.viewable ? "" : ", not shown",
                     window.title.empty() ? "" : "  \"" + window.title + "\"")});
  }
  return sources;
}

std::vector<FormatEntry> known_formats() {
  std::vector<FormatEntry> formats;
  for (const PixelFormatFacts& facts : all_pixel_formats()) {
    if (!yuv::can_convert(facts.format, PixelFormat::nv12)) continue;
    const std::string way =
        facts.format == PixelFormat::nv12 ? "as it is" : "one TRANSFORM into NV12";
    formats.push_back(
        {std::string(facts.name), std::string(facts.alias), facts.bits, facts.plane_count, way});
  }
  return formats;
}

}  // namespace millrace::app
