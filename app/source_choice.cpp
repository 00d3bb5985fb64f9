// SPDX-License-Identifier: MIT
#include "app/source_choice.h"

#include <cstdlib>

#include <fmt/format.h>

namespace millrace::app {
namespace {

std::string variable(const char* name) {
  const char* const text = std::getenv(name);
  return text ? text : "";
}

}  // namespace

Session Session::of_environment() {
  Session session{variable("DISPLAY"), variable("WAYLAND_DISPLAY")};
  if (session.wayland.empty() && variable("XDG_SESSION_TYPE") == "wayland") {
    session.wayland = "wayland";
  }
  return session;
}

Failure hidden_by_wayland(const std::string& session) {
  return fail(ErrorKind::unavailable,
              fmt::format("choose a source: this is a Wayland session ({}), whose desktop this "
                          "version cannot see; X11 would show its X clients only, and black "
                          "elsewhere",
                          session),
              "log in to an X11 session to record the desktop; -s x11: records the X clients all "
              "the same; -s test:bars and -s file:PATH need no desktop");
}

Result<std::optional<std::string>> choose_source(Values& values, const Session& session) {
  const Value* const kind = values.find("source.kind");
  if (!kind || kind->text != "auto") return std::optional<std::string>();
  const Value* const named = values.find("source.display");
  const std::string display = named ? named->text : session.display;
  const auto choose = [&values](const char* chosen,
                                std::string why) -> Result<std::optional<std::string>> {
    MILLRACE_TRY(values.set("source.kind", {chosen, "auto", {}}));
    return std::optional(std::move(why));
  };
  if (!display.empty()) {
    return choose("x11", fmt::format("the source is the X11 desktop {}; -s chooses another",
                                     display.substr(0, 80)));
  }
  if (!session.wayland.empty()) return hidden_by_wayland(session.wayland);
  return choose("test",
                "the source is test:bars: there is no desktop here (DISPLAY is not set); -s "
                "chooses another");
}

}  // namespace millrace::app
