// SPDX-License-Identifier: MIT
#include "hw/avformat/library_versions.h"

#include <fmt/format.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace millrace::avformat {
namespace {

std::string dotted(const char* name, unsigned version) {
  return fmt::format("{} {}.{}.{}", name, AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version),
                     AV_VERSION_MICRO(version));
}

}  // namespace

std::string library_versions() {
  return fmt::format("{}, {}, {}", dotted("libavformat", avformat_version()),
                     dotted("libavcodec", avcodec_version()),
                     dotted("libswscale", swscale_version()));
}

}  // namespace millrace::avformat
