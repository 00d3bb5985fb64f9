// SPDX-License-Identifier: MIT
#include "hw/x11/connection.h"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <xcb/xcbext.h>

#include "hw/x11/connection_error.h"

namespace millrace::x11 {
namespace {

constexpr std::chrono::milliseconds time_to_reset{100};

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

/// A server that resets, as the last client of before has left, closes what comes meanwhile: a
/// second attempt is worth a moment.
xcb_connection_t* connect(const std::string& name, int& screen) {
  xcb_connection_t* const wire = xcb_connect(name.c_str(), &screen);
  if (xcb_connection_has_error(wire) != XCB_CONN_ERROR) return wire;
  xcb_disconnect(wire);
  std::this_thread::sleep_for(time_to_reset);
  return xcb_connect(name.c_str(), &screen);
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
  xcb_connection_t* const wire = connect(name, screen);
  const int code = xcb_connection_has_error(wire);
  if (code != 0) {
    xcb_disconnect(wire);
    return fail(connect_error(name, code));
  }
  std::unique_ptr<Connection> made(new Connection(wire, screen, name, std::move(wake)));
  if (!made->screen_) return fail(connect_error(name, XCB_CONN_CLOSED_INVALID_SCREEN));
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
  std::optional<Timestamp> give_up = now() + patience_;
  for (;;) {
    read_events();  // libxcb reads its socket only when it is asked for events
    void* reply = nullptr;
    xcb_generic_error_t* error = nullptr;
    const bool answered = xcb_poll_for_reply(wire_, sequence, &reply, &error) != 0;
    Response response{Owned<void>(reply), Owned<xcb_generic_error_t>(error)};
    if (response.reply || response.error) return response;
    const int code = xcb_connection_has_error(wire_);
    if (code != 0) return fail(lost_error(name_, code));
    if (answered) return response;
    const bool in_time = MILLRACE_TRY(wait_for_bytes(give_up));
    if (in_time) continue;
    MILLRACE_TRY(bear_silence());
    give_up.reset();
  }
}

/// False when `give_up` has passed; without it there is no limit.
Result<bool> Connection::wait_for_bytes(const std::optional<Timestamp>& give_up) {
  const std::stop_callback wake(stop_, [fd = wake_.get()] {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(fd, &one, sizeof(one));
  });
  if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "wait for the X server: stopped");
  int64_t left = -1;
  if (give_up) {
    left = std::chrono::ceil<std::chrono::milliseconds>(*give_up - now()).count();
    if (left <= 0) return false;
  }
  pollfd waits[] = {{xcb_get_file_descriptor(wire_), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  if (::poll(waits, 2, static_cast<int>(left)) < 0 && errno != EINTR) {
    return fail_errno("wait for the X server", errno);
  }
  uint64_t wishes = 0;
  [[maybe_unused]] const ssize_t read = ::read(wake_.get(), &wishes, sizeof(wishes));
  return true;
}

Result<> Connection::bear_silence() {
  if (on_silence_) {
    on_silence_();
    return {};
  }
  return fail(ErrorKind::source_lost,
              fmt::format("wait for the X display {}: no answer for {} s", name_,
                          std::chrono::duration_cast<std::chrono::seconds>(patience_).count()),
              "Look for a program that holds the server by a grab.");
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
