// SPDX-License-Identifier: MIT
#include "app/probe_steps.h"

#include <memory>

#include <unistd.h>

#include <fmt/format.h>

#include "app/inventory.h"
#include "app/source_choice.h"
#include "engine/memory/memfd_allocator.h"
#include "hw/avformat/library_versions.h"
#include "hw/dmabuf/udmabuf_allocator.h"
#include "hw/libyuv/convert_stage.h"
#include "hw/vaapi/encode_stage.h"
#include "hw/x11/inventory.h"

namespace millrace::app {
namespace {

/// Large enough for every driver, small enough to be quick.
constexpr uint32_t trial_width = 320;
constexpr uint32_t trial_height = 240;

Step passed(std::string name, std::string detail) {
  return {std::move(name), StepVerdict::pass, std::move(detail), {}};
}

Step not_passed(std::string name, StepVerdict verdict, const Error& error,
                const std::string& remedy) {
  return {std::move(name), verdict, error.what, error.remedy.empty() ? remedy : error.remedy};
}

Step try_heap(std::string name, Result<Ref<Memory>> memory, StepVerdict otherwise,
              const std::string& remedy) {
  if (memory) return passed(std::move(name), "one page allocated");
  return not_passed(std::move(name), otherwise, memory.error(), remedy);
}

Step try_memfd() {
  MemfdAllocator allocator;
  return try_heap("memfd memory", allocator.allocate(4096, {}), StepVerdict::fail,
                  "the kernel needs memfd_create (CONFIG_MEMFD_CREATE)");
}

Step try_udmabuf() {
  const std::string name = "udmabuf memory";
  const std::string remedy =
      "load the module (modprobe udmabuf) and give this user /dev/udmabuf: it lets hardware "
      "drivers import what the CPU wrote";
  Result<std::unique_ptr<Allocator>> allocator = dmabuf::UdmabufAllocator::create();
  if (!allocator) return not_passed(name, StepVerdict::missing, allocator.error(), remedy);
  return try_heap(name, (*allocator)->allocate(4096, {}), StepVerdict::missing, remedy);
}

Step look_at_media_library() {
  return passed("media files", avformat::library_versions());
}

Step look_at_converter() {
  const bool converts = yuv::can_convert(PixelFormat::bgrx, PixelFormat::nv12);
  if (converts) return passed("colour conversion", "libyuv converts into NV12");
  return {"colour conversion", StepVerdict::missing, "libyuv does not convert BGRX into NV12",
          "install libyuv0; RGB sources need it"};
}

Step look_at_desktop() {
  const std::string name = "desktop";
  const Session session = Session::of_environment();
  if (session.display.empty()) {
    return {name, StepVerdict::missing, "DISPLAY is not set: there is no X11 desktop",
            session.wayland.empty() ? "-s test:bars and -s file:PATH need none"
                                    : "log in to an X11 session: Wayland's desktop is not seen"};
  }
  const Result<x11::DisplayFacts> facts = x11::query_display(session.display);
  if (!facts) return not_passed(name, StepVerdict::missing, facts.error(), "start an X server");
  const std::string seen =
      fmt::format("X11 display {}, {}x{}", facts->name, facts->screen.width, facts->screen.height);
  if (!facts->obstacle.empty()) {
    return {name, StepVerdict::missing, seen + ": " + facts->obstacle, "use a local X server"};
  }
  if (!session.wayland.empty() || facts->xwayland) {
    return {name, StepVerdict::missing, seen + " in a Wayland session: X clients alone are seen",
            "log in to an X11 session to record everything"};
  }
  return passed(name, seen + "; `millrace list sources` shows its monitors and windows");
}

Result<std::shared_ptr<vaapi::Display>> open_device(const std::string& device) {
  if (device == "software") return vaapi::Display::open_without_device(vaapi::software_driver);
  return vaapi::Display::open_node(device);
}

/// A trial of everything up to the first frame: profile, surfaces, the ways into the encoder.
Result<vaapi::EncoderFacts> try_encoder(const std::string& device) {
  const std::shared_ptr<vaapi::Display> display = MILLRACE_TRY(open_device(device));
  vaapi::EncoderSettings settings;
  settings.width = trial_width;
  settings.height = trial_height;
  settings.keyint = 30;
  settings.colour = bt709_limited;
  const std::unique_ptr<vaapi::EncodeStage> stage =
      MILLRACE_TRY(vaapi::EncodeStage::create(display, settings));
  return stage->facts();
}

/// The rung of the memory ladder that frames take here; the last one costs a copy of each.
Step look_at_rung(const std::string& device, const vaapi::EncoderFacts& facts) {
  const bool copies = facts.rung == vaapi::put_image_rung;
  Step step = passed("way into " + device,
                     fmt::format("{}, {}: {}", facts.rung, copies ? "1 copy a frame" : "no copy",
                                 facts.rung_reason));
  step.remedy = facts.rung_remedy;
  if (!copies) return step;
  step.verdict = StepVerdict::missing;
  if (step.remedy.empty()) step.remedy = "a newer VA driver may share its memory";
  return step;
}

void try_device(const std::string& device, std::vector<Step>& steps, bool& encodes) {
  const bool software = device == "software";
  if (!software && ::access(device.c_str(), R_OK | W_OK) != 0) {
    const Error error = fail_errno("open " + device, errno).value();
    steps.push_back(not_passed("render node " + device, StepVerdict::missing, error,
                               "add the user to the group that owns the node (often render)"));
    return;
  }
  if (!software) steps.push_back(passed("render node " + device, "this user may use it"));
  const std::string driver_name = "VA driver on " + device;
  const Result<EncoderEntry> entry = look_at_encoder(device);
  if (!entry) {
    steps.push_back(not_passed(driver_name, StepVerdict::missing, entry.error(),
                               "install the VA driver of the device"));
    return;
  }
  steps.push_back(passed(driver_name, fmt::format("{} ({})", entry->driver, entry->vendor)));
  const std::string encoder_name = "H.264 on " + device;
  if (entry->ways.empty()) {
    steps.push_back({encoder_name, StepVerdict::missing, "the driver does not encode H.264",
                     "another driver of the device may (intel-media-va-driver-non-free)"});
    return;
  }
  const Result<vaapi::EncoderFacts> tried = try_encoder(device);
  if (!tried) {
    steps.push_back(
        not_passed(encoder_name, StepVerdict::missing, tried.error(), "choose another device"));
    return;
  }
  encodes = true;
  steps.push_back(passed(encoder_name, "an encoder opens; rate control " + tried->rate_control));
  steps.push_back(look_at_rung(device, *tried));
}

}  // namespace

std::string_view to_string(StepVerdict verdict) {
  switch (verdict) {
    case StepVerdict::pass:
      return "pass";
    case StepVerdict::missing:
      return "missing";
    case StepVerdict::fail:
      return "fail";
  }
  return "fail";
}

std::vector<Step> probe_steps(const std::string& device) {
  std::vector<Step> steps = {try_memfd(), try_udmabuf(), look_at_media_library(),
                             look_at_converter(), look_at_desktop()};
  std::vector<std::string> devices = {device};
  if (device == "auto") {
    devices = render_nodes();
    if (devices.empty()) {
      steps.push_back({"render nodes", StepVerdict::missing, "there is no /dev/dri/renderD*",
                       "none is needed: the software VA driver serves; hardware is faster"});
    }
    devices.emplace_back("software");
  }
  bool encodes = false;
  for (const std::string& candidate : devices) try_device(candidate, steps, encodes);
  steps.push_back(encodes ? passed("recording", "something here encodes H.264")
                          : Step{"recording", StepVerdict::fail, "nothing here encodes H.264",
                                 "see the remedies above"});
  return steps;
}

}  // namespace millrace::app
