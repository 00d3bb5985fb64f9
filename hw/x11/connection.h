// SPDX-License-Identifier: MIT
// Connection: one client of an X server.
//
// libxcb waits for replies without limit and cannot be woken; here every wait ends with a stop
// request, with a server that went away, and after `patience`, unless silence is to be endured.
// Events that arrive meanwhile are kept in order. Confined.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <xcb/xcb.h>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/unique_fd.h"

namespace millrace::x11 {

/// How long a server may leave a request unanswered: another client's grab can last seconds.
inline constexpr std::chrono::seconds patience{10};

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

/// What libxcb allocated.
template <class T>
using Owned = std::unique_ptr<T, Free>;

/// A reply, or the X error of the request (both null for a request without reply).
struct Response {
  Owned<void> reply;
  Owned<xcb_generic_error_t> error;
};

class Connection {
 public:
  /// An empty `display` is $DISPLAY. Errors: `unavailable`.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& display);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] xcb_connection_t* wire() const { return wire_; }

  [[nodiscard]] const xcb_setup_t& setup() const { return *xcb_get_setup(wire_); }

  [[nodiscard]] const xcb_screen_t& screen() const { return *screen_; }

  [[nodiscard]] xcb_window_t root() const { return screen_->root; }

  [[nodiscard]] const std::string& name() const { return name_; }  ///< ":0"

  /// True for a socket of this machine, over which descriptors can be passed.
  [[nodiscard]] bool is_local() const;

  /// From now on waits end when `stop` is asked for, with the error `cancelled`.
  void obey(std::stop_token stop) { stop_ = std::move(stop); }

  /// From now on a server that is silent is waited for without limit; `said` is called in each wait
  /// that has lasted `limit`, once.
  void endure(Duration limit, std::function<void()> said) {
    patience_ = limit;
    on_silence_ = std::move(said);
  }

  /// Sends what was asked and waits for the answer to request `sequence`. Errors: `source_lost`
  /// when the server is gone or does not answer, `cancelled`.
  [[nodiscard]] Result<Response> wait(unsigned int sequence);

  /// The reply to a request; an X error becomes ours, named by `act`.
  template <class Reply, class Cookie>
  [[nodiscard]] Result<Owned<Reply>> reply(Cookie cookie, const char* act) {
    Response response = MILLRACE_TRY(answered(cookie.sequence, act));
    if (!response.reply) return fail(ErrorKind::internal, std::string(act) + ": an empty reply");
    return Owned<Reply>(static_cast<Reply*>(response.reply.release()));
  }

  /// The outcome of a request without reply that was sent as "checked".
  [[nodiscard]] Result<> check(xcb_void_cookie_t cookie, const char* act);

  /// The oldest event that has arrived, or null. Does not wait.
  [[nodiscard]] Owned<xcb_generic_event_t> next_event();

 private:
  Connection(xcb_connection_t* wire, int screen, std::string name, UniqueFd wake);
  [[nodiscard]] Result<Response> answered(unsigned int sequence, const char* act);
  [[nodiscard]] Result<Response> poll_until_answered(unsigned int sequence);
  [[nodiscard]] Result<bool> wait_for_bytes(const std::optional<Timestamp>& give_up);
  [[nodiscard]] Result<> bear_silence();
  void read_events();

  xcb_connection_t* wire_;
  const xcb_screen_t* screen_ = nullptr;
  std::string name_;
  UniqueFd wake_;  ///< an eventfd that a stop request writes
  std::stop_token stop_;
  Duration patience_ = patience;
  std::function<void()> on_silence_;  ///< none: silence is an error
  std::deque<Owned<xcb_generic_event_t>> events_;
};

/// "BadWindow (3)"; extensions' errors are numbers only.
[[nodiscard]] std::string x_error_text(const xcb_generic_error_t& error);

}  // namespace millrace::x11
