// SPDX-License-Identifier: MIT
#include "hw/dmabuf/udmabuf.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/ioctl.h>

#include "engine/base/checked.h"

namespace millrace::dmabuf {
namespace {

constexpr const char* device_path = "/dev/udmabuf";
constexpr const char* limit_path = "/sys/module/udmabuf/parameters/size_limit_mb";
constexpr uint64_t mebibyte = 1 << 20;
constexpr uint64_t default_limit = 64 * mebibyte;  // the driver's own default

std::string remedy_for(int open_error) {
  if (open_error == EACCES || open_error == EPERM) {
    return "Add a udev rule that lets your group open /dev/udmabuf, or run as root.";
  }
  return "Load the module: modprobe udmabuf.";
}

}  // namespace

Result<UniqueFd> open_udmabuf() {
  UniqueFd device(::open(device_path, O_RDWR | O_CLOEXEC));
  const int open_error = errno;
  if (!device) {
    return fail_errno(std::string("open ") + device_path, open_error, remedy_for(open_error));
  }
  return device;
}

udmabuf_create describe_udmabuf(int memfd, uint64_t size) {
  return {.memfd = static_cast<uint32_t>(memfd),
          .flags = UDMABUF_FLAGS_CLOEXEC,
          .offset = 0,
          .size = size};
}

Result<UniqueFd> wrap_memfd(int device, int memfd, uint64_t size) {
  udmabuf_create request = describe_udmabuf(memfd, size);
  UniqueFd dmabuf(::ioctl(device, UDMABUF_CREATE, &request));
  if (!dmabuf) {
    return fail_errno("make a dma-buf of " + std::to_string(size) + " bytes by udmabuf", errno,
                      "Raise the limits size_limit_mb and list_limit of the module udmabuf.");
  }
  return dmabuf;
}

uint64_t udmabuf_size_limit() {
  std::ifstream file(limit_path);
  std::string text;
  std::getline(file, text);
  return parse_size_limit(text).value_or(default_limit);
}

std::optional<uint64_t> parse_size_limit(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  uint64_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return checked_mul(limit, mebibyte);
}

}  // namespace millrace::dmabuf
