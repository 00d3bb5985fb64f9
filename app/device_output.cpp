// SPDX-License-Identifier: MIT
#include "app/device_output.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fmt/format.h>

#include "app/key_table.h"

namespace millrace::app {
namespace {

/// Linux's major number of V4L2: https://docs.kernel.org/admin-guide/devices.html
constexpr unsigned video_major = 81;

/// /dev/video9, as udev names it.
bool is_named_as_one(std::string_view path) {
  constexpr std::string_view stem = "/dev/video";
  if (!path.starts_with(stem) || path == stem) return false;
  return std::ranges::all_of(path.substr(stem.size()),
                             [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Frames are converted to a colour; all else about encoding and files has no meaning.
bool is_for_files(std::string_view key) {
  constexpr std::array<std::string_view, 3> kept = {"encode.matrix", "encode.range", "output.path"};
  if (std::ranges::find(kept, key) != kept.end()) return false;
  return key.starts_with("encode.") || key.starts_with("output.") || key == "memory.path";
}

/// The frames as they are, where that is what programs expect of a camera.
bool suits_readers(const VideoFormat& video) {
  return !facts(video.format).rgb && facts(video.format).bits == 8;
}

VideoFormat as_nv12(const OpenSource& source, const Colour& colour) {
  VideoFormat video = source.encoded;
  video.format = PixelFormat::nv12;
  video.width += video.width % 2;
  video.height += video.height % 2;
  video.colour = colour;
  return video;
}

/// Best first. Few readers of cameras know RGB, so it is given as it is only where NV12 cannot be.
std::vector<v4l2::Wish> wishes_for(const OpenSource& source, const Colour& colour) {
  const VideoFormat& own = source.video;
  const bool resized = source.encoded.width != own.width || source.encoded.height != own.height;
  const v4l2::Wish as_is{.video = own};
  const v4l2::Wish converted{.video = as_nv12(source, colour),
                             .scalable = facts(own.format).rgb && !resized};
  if (resized) return {converted};
  if (own.format == PixelFormat::nv12) return {as_is};
  return suits_readers(own) ? std::vector{as_is, converted} : std::vector{converted, as_is};
}

}  // namespace

bool is_video_device(const std::string& path) {
  struct stat there {};

  if (::stat(path.c_str(), &there) != 0) return is_named_as_one(path);
  return S_ISCHR(there.st_mode) && major(there.st_rdev) == video_major;
}

Result<> check_device_settings(const Values& values, const std::string& path) {
  for (const Key& key : key_table()) {
    const Value* const value = is_for_files(key.path) ? values.find(key.path) : nullptr;
    if (!value || value->origin == "built-in") continue;
    return fail_value(
        key.path, *value,
        {ErrorKind::usage,
         fmt::format("{} is for recordings in files; {} takes raw frames", value->text, path),
         "leave it out, or name a file with -o"});
  }
  return {};
}

Result<DeviceOutput> open_device_output(const std::string& path, const OpenSource& source,
                                        const Colour& colour) {
  std::shared_ptr<v4l2::OutputDevice> device = MILLRACE_TRY(v4l2::OutputDevice::open(path));
  v4l2::Grant grant = MILLRACE_TRY(device->choose(wishes_for(source, colour)));
  DeviceOutput output{.taken = grant.video};
  output.stage = std::make_unique<v4l2::OutputStage>(std::move(device), std::move(grant));
  return output;
}

}  // namespace millrace::app
