// SPDX-License-Identifier: MIT
#include "hw/x11/connection.h"

#include <algorithm>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <xcb/xcbext.h>

namespace millrace::x11 {
namespace {

const xcb_screen_t* screen_at(const xcb_setup_t& setup, int index) {
  xcb_screen_iterator_t at = xcb_setup_roots_iterator(&setup);
  for (; at.rem > 0 && index > 0; --index) xcb_screen_next(&at);
  return at.rem > 0 ? at.data : nullptr;
}

std::string display_name(const std::string& display) {
  if (!display.empty()) return display;
  const char* const environment = std::getenv("DISPLAY");
  return environment ? environment : "";
}

Failure refuse(const std::string& name, int code) {
  if (code == XCB_CONN_CLOSED_PARSE_ERR) {
    return fail(ErrorKind::unavailable,
                fmt::format("connect to the X display '{}': that is no display's name", name),
                "Name it as in :0, or leave it to $DISPLAY.");
  }
  return fail(
      ErrorKind::unavailable,
      fmt::format("connect to the X display {}: no X server answers there, or not to you", name),
      "Check that it runs (ls /tmp/.X11-unix) and that you may use it (XAUTHORITY, xhost).", code);
}

Failure lost(const std::string& name) {
  return fail(ErrorKind::source_lost,
              fmt::format("talk to the X display {}: the server closed the connection", name),
              "What was recorded until then is kept.");
}

}  // namespace

std::string x_error_text(const xcb_generic_error_t& error) {
  constexpr const char* core[] = {
      "Success",   "BadRequest",  "BadValue",    "BadWindow",   "BadPixmap", "BadAtom",
      "BadCursor", "BadFont",     "BadMatch",    "BadDrawable", "BadAccess", "BadAlloc",
      "BadColor",  "BadGContext", "BadIDChoice", "BadName",     "BadLength", "BadImplementation"};
  if (error.error_code < std::size(core)) {
    return fmt::format("{} ({})", core[error.error_code], error.error_code);
  }
  return fmt::format("error {} of request {}.{}", error.error_code, error.major_code,
                     error.minor_code);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& display) {
  const std::string name = display_name(display);
  if (name.empty()) {
    return fail(ErrorKind::unavailable, "connect to an X display: DISPLAY is not set",
                "Run inside an X session, or name its display: DISPLAY=:0 millrace …");
  }
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return fail_errno("create an eventfd", errno);
  int screen = 0;
  xcb_connection_t* const wire = xcb_connect(name.c_str(), &screen);
  const int code = xcb_connection_has_error(wire);
  if (code != 0) {
    xcb_disconnect(wire);
    return refuse(name, code);
  }
  std::unique_ptr<Connection> made(new Connection(wire, screen, name, std::move(wake)));
  if (!made->screen_) return refuse(name, XCB_CONN_CLOSED_INVALID_SCREEN);
  return made;
}

Connection::Connection(xcb_connection_t* wire, int screen, std::string name, UniqueFd wake)
    : wire_(wire),
      screen_(screen_at(*xcb_get_setup(wire), screen)),
      name_(std::move(name)),
      wake_(std::move(wake)) {}

Connection::~Connection() {
  xcb_disconnect(wire_);
}

bool Connection::is_local() const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  const int socket = xcb_get_file_descriptor(wire_);
  return ::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
         address.ss_family == AF_UNIX;
}

Result<Response> Connection::wait(unsigned int sequence) {
  xcb_flush(wire_);
  Result<Response> response = poll_until_answered(sequence);
  if (!response) xcb_discard_reply(wire_, sequence);
  return response;
}

Result<Response> Connection::poll_until_answered(unsigned int sequence) {
  const Timestamp give_up = now() + patience;
  for (;;) {
    read_events();  // libxcb reads its socket only when it is asked for events
    void* reply = nullptr;
    xcb_generic_error_t* error = nullptr;
    const bool answered = xcb_poll_for_reply(wire_, sequence, &reply, &error) != 0;
    Response response{Owned<void>(reply), Owned<xcb_generic_error_t>(error)};
    if (response.reply || response.error) return response;
    if (xcb_connection_has_error(wire_) != 0) return lost(name_);
    if (answered) return response;
    MILLRACE_TRY(wait_for_bytes(give_up));
  }
}

Result<> Connection::wait_for_bytes(Timestamp give_up) {
  const std::stop_callback wake(stop_, [fd = wake_.get()] {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(fd, &one, sizeof(one));
  });
  if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "wait for the X server: stopped");
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - now()).count();
  if (left <= 0) {
    return fail(
        ErrorKind::source_lost,
        fmt::format("wait for the X display {}: no answer for {} s", name_, patience.count()),
        "Look for a program that holds the server by a grab.");
  }
  pollfd waits[] = {{xcb_get_file_descriptor(wire_), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  if (::poll(waits, 2, static_cast<int>(left)) < 0 && errno != EINTR) {
    return fail_errno("wait for the X server", errno);
  }
  uint64_t wishes = 0;
  [[maybe_unused]] const ssize_t read = ::read(wake_.get(), &wishes, sizeof(wishes));
  return {};
}

void Connection::read_events() {
  while (xcb_generic_event_t* event = xcb_poll_for_event(wire_)) events_.emplace_back(event);
}

Owned<xcb_generic_event_t> Connection::next_event() {
  if (events_.empty()) read_events();
  if (events_.empty()) return nullptr;
  Owned<xcb_generic_event_t> event = std::move(events_.front());
  events_.pop_front();
  return event;
}

Result<Response> Connection::answered(unsigned int sequence, const char* act) {
  Result<Response> response = wait(sequence);
  if (!response) return fail(response.error().while_doing(act));
  if (!response->error) return response;
  const xcb_generic_error_t& error = *response->error;
  return fail(ErrorKind::unavailable,
              fmt::format("{} on {}: the X server answers {}", act, name_, x_error_text(error)), {},
              error.error_code);
}

Result<> Connection::check(xcb_void_cookie_t cookie, const char* act) {
  // Requests are answered in order: with this reply the outcome of the one before has come, too.
  const xcb_get_input_focus_cookie_t after = xcb_get_input_focus(wire_);
  MILLRACE_TRY(answered(after.sequence, act));
  MILLRACE_TRY(answered(cookie.sequence, act));
  return {};
}

}  // namespace millrace::x11
