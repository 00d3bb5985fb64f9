// SPDX-License-Identifier: MIT
#include "app/source_choice.h"

#include <cstdlib>

#include <fmt/format.h>

#include "hw/x11/inventory.h"

namespace millrace::app {
namespace {

std::string variable(const char* name) {
  const char* const text = std::getenv(name);
  return text ? text : "";
}

Failure wayland_hides_the_desktop(const Session& session) {
  const bool has_x = !session.display.empty();
  return fail(
      ErrorKind::unavailable,
      fmt::format("choose a source: this is a Wayland session ({}), whose desktop this version "
                  "cannot see; X11 would show its X clients only, and black elsewhere",
                  session.wayland),
      fmt::format("log in to an X11 session to record the desktop; {}-s test:bars and -s file:PATH "
                  "need no desktop",
                  has_x ? "-s x11: records the X clients all the same; " : ""));
}

}  // namespace

Session Session::of_environment() {
  Session session{variable("DISPLAY"), variable("WAYLAND_DISPLAY")};
  if (session.wayland.empty() && variable("XDG_SESSION_TYPE") == "wayland") {
    session.wayland = "wayland";
  }
  return session;
}

Result<std::optional<std::string>> choose_source(Values& values, const Session& session) {
  const Value* const kind = values.find("source.kind");
  if (!kind || kind->text != "auto") return std::optional<std::string>();
  const Value* const named = values.find("source.display");
  const std::string display = named ? named->text : session.display;
  if (!named && !session.wayland.empty()) return wayland_hides_the_desktop(session);
  const auto choose = [&](const char* chosen,
                          std::string why) -> Result<std::optional<std::string>> {
    MILLRACE_TRY(values.set("source.kind", {chosen, "auto", {}}));
    return std::optional(std::move(why));
  };
  if (display.empty()) {
    return choose("test",
                  "the source is test:bars: there is no desktop here (DISPLAY is not set); "
                  "-s chooses another");
  }
  const Result<x11::DisplayFacts> facts = x11::query_display(display);
  if (facts && facts->obstacle.empty()) {
    return choose("x11",
                  fmt::format("the source is the X11 desktop {}; -s chooses another", facts->name));
  }
  return choose("test",
                fmt::format("the source is test:bars, not the desktop: {}; -s chooses another",
                            facts ? facts->obstacle : facts.error().what));
}

}  // namespace millrace::app
