// SPDX-License-Identifier: MIT
#include "hw/vaapi/find_display.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <xf86drm.h>

#include "engine/base/log.h"
#include "engine/base/unique_fd.h"
#include "hw/vaapi/caps.h"

namespace millrace::vaapi {
namespace {

constexpr int first_node = 128;
constexpr int last_node = 135;

/// Nodes in the order in which they are tried, and what became of those that were.
struct Search {
  std::vector<std::string> nodes;
  std::vector<std::string> passed_over;
  ErrorKind worst = ErrorKind::unavailable;

  /// A node is tried with each kind of driver; what fails before there is one fails alike.
  void pass_over(const Error& error) {
    const bool said = std::ranges::find(passed_over, error.what) != passed_over.end();
    if (!said) passed_over.push_back(error.what);
    if (error.kind == ErrorKind::denied) worst = ErrorKind::denied;
  }
};

/// vgem is memory that looks like a device: no driver encodes on it.
bool is_vgem(const std::string& node) {
  const UniqueFd fd(::open(node.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return false;
  const std::unique_ptr<drmVersion, void (*)(drmVersion*)> version(drmGetVersion(fd.get()),
                                                                   drmFreeVersion);
  return version && version->name && std::string(version->name) == "vgem";
}

bool exists(const std::string& node) {
  return ::access(node.c_str(), F_OK) == 0;
}

std::vector<std::string> existing_nodes() {
  std::vector<std::string> nodes;
  for (int number = first_node; number <= last_node; ++number) {
    const std::string node = "/dev/dri/renderD" + std::to_string(number);
    if (exists(node)) nodes.push_back(node);
  }
  return nodes;
}

/// The display if it encodes H.264, else the reason why it is no use.
Result<std::shared_ptr<Display>> require_encoder(Result<std::shared_ptr<Display>> opened) {
  if (!opened) return opened;
  const std::vector<EncodeCaps> ways = MILLRACE_TRY(probe_h264(**opened));
  if (!ways.empty()) return opened;
  return fail(ErrorKind::unavailable,
              "VA driver " + (*opened)->driver() + " on " +
                  ((*opened)->node().empty() ? "no device" : (*opened)->node()) +
                  ": it does not encode H.264");
}

std::shared_ptr<Display> find_hardware(Search& search) {
  for (const std::string& node : search.nodes) {
    if (is_vgem(node)) {
      search.passed_over.push_back(node + ": vgem is no encoder");
      continue;
    }
    Result<std::shared_ptr<Display>> found = require_encoder(Display::open_node(node));
    if (found) return found.take();
    search.pass_over(found.error());
  }
  return nullptr;
}

std::shared_ptr<Display> find_software(Search& search) {
  for (const std::string& node : search.nodes) {
    Result<std::shared_ptr<Display>> found =
        require_encoder(Display::open_node(node, software_driver));
    if (found) return found.take();
    search.pass_over(found.error());
  }
  return nullptr;
}

std::shared_ptr<Display> find_software_without_device(Search& search) {
  Result<std::shared_ptr<Display>> found =
      require_encoder(Display::open_without_device(software_driver));
  if (found) return found.take();
  search.pass_over(found.error());
  return nullptr;
}

std::string listing(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

FoundDisplay announce(std::shared_ptr<Display> display, Search search) {
  if (display->is_software()) {
    const std::string why =
        search.passed_over.empty() ? "" : " (" + listing(search.passed_over) + ")";
    log::warning("vaapi",
                 "no hardware encodes H.264 here, the CPU does: " + display->vendor() + why);
  }
  return {std::move(display), std::move(search.passed_over)};
}

}  // namespace

Result<FoundDisplay> find_display(const std::string& device) {
  Search search;
  search.nodes = device.empty() ? existing_nodes() : std::vector<std::string>{device};
  std::shared_ptr<Display> display = find_hardware(search);
  if (!display) display = find_software(search);
  if (!display && device.empty()) display = find_software_without_device(search);
  if (display) return announce(std::move(display), std::move(search));
  return fail(search.worst, "find a VA driver that encodes H.264: " + listing(search.passed_over),
              search.worst == ErrorKind::denied
                  ? "add the user to the group that owns the node (often 'render')"
                  : "install a VA driver for the device, or " + std::string(software_driver) +
                        "_drv_video.so beside the program");
}

}  // namespace millrace::vaapi
