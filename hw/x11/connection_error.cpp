// SPDX-License-Identifier: MIT
#include "hw/x11/connection_error.h"

#include <algorithm>

#include <fmt/format.h>
#include <xcb/xcb.h>

#include "hw/x11/printable.h"

namespace millrace::x11 {
namespace {

constexpr size_t most_name_bytes = 80;

struct Words {
  std::string why;
  std::string remedy;
};

bool is_number(const std::string& name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char letter) { return letter >= '0' && letter <= '9'; });
}

Words bad_name(const std::string& name) {
  if (!is_number(name)) {
    return {"that is no display's name", "Name it as in :0, or leave it to $DISPLAY."};
  }
  return {"that is no display's name: a colon comes before the number",
          fmt::format("Write :{}; as a source, x11::{}.", name, name)};
}

Words words_for(const std::string& name, int code) {
  switch (code) {
    case XCB_CONN_CLOSED_PARSE_ERR:
      return bad_name(name);
    case XCB_CONN_CLOSED_INVALID_SCREEN:
      return {"the X server that answers there has no screen of that number",
              fmt::format("Leave the number behind the dot out, or write {}.0.",
                          name.substr(0, name.rfind('.')))};
    case XCB_CONN_CLOSED_MEM_INSUFFICIENT:
      return {"there is no memory for the connection", "Close programs that use much memory."};
    case XCB_CONN_CLOSED_EXT_NOTSUPPORTED:
      return {"the X server lacks an extension", "Use the display of a local Xorg or Xvfb."};
    case XCB_CONN_CLOSED_FDPASSING_FAILED:
      return {"the X server takes no file", "Use the display of a local Xorg or Xvfb."};
    default:
      return {"no X server answers there, or not to you",
              "Check that it runs (ls /tmp/.X11-unix) and that you may use it (XAUTHORITY, "
              "xhost)."};
  }
}

std::string_view loss_of(int code) {
  switch (code) {
    case XCB_CONN_CLOSED_EXT_NOTSUPPORTED:
      return "the server lacks an extension that was used";
    case XCB_CONN_CLOSED_MEM_INSUFFICIENT:
      return "there is no memory left for it";
    case XCB_CONN_CLOSED_FDPASSING_FAILED:
      return "a file could not be passed to the server";
    default:
      return "the server closed the connection";
  }
}

}  // namespace

Error connect_error(const std::string& name, int code) {
  const std::string shown = printable(name, most_name_bytes);
  Words words = words_for(shown, code);
  return {ErrorKind::unavailable,
          fmt::format("connect to the X display '{}': {}", shown, words.why),
          std::move(words.remedy), code};
}

Error lost_error(const std::string& name, int code) {
  return {ErrorKind::source_lost, fmt::format("talk to the X display {}: {}", name, loss_of(code)),
          "What was recorded until then is kept.", code};
}

}  // namespace millrace::x11
