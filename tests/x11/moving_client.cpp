// SPDX-License-Identifier: MIT
// A program on an X11 desktop that always shows something new, and knows how often it did.
//
//   moving_client [--size WxH] [--at X+Y] [--rate N] [--title TEXT] [--cursor] [--root]
//
// Opens a window (with --root: paints the root) on $DISPLAY and draws picture after picture, each
// by one request that the server carries out whole; the next is not begun before that. Prints
// "window 0x…" when the first is there. Understands lines on stdin: `resize WxH`, `move X+Y`,
// `hide`, `show`, `pause`, `resume`, `close`, `count`; answers each by "ok N", N being the pictures
// drawn so far. Ends on SIGTERM, at the end of stdin or after `close`, by "drawn N".
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <xcb/shm.h>
#include <xcb/xcb.h>

#include "engine/base/time.h"
#include "engine/base/unique_fd.h"
#include "tests/x11/moving_picture.h"

namespace millrace::x11::test {
namespace {

struct Options {
  unsigned width = 640;
  unsigned height = 480;
  int x = 0;
  int y = 0;
  unsigned rate = 30;
  std::string title = "moving client";
  bool cursor = false;
  bool root = false;
};

Options parse(int count, char** words) {
  Options options;
  for (int at = 1; at < count; ++at) {
    const std::string word = words[at];
    const char* const value = at + 1 < count ? words[at + 1] : "";
    if (word == "--cursor") {
      options.cursor = true;
    } else if (word == "--root") {
      options.root = true;
    } else if (word == "--title") {
      options.title = words[++at];
    } else if ((word == "--size" && sscanf(value, "%ux%u", &options.width, &options.height) == 2) ||
               (word == "--at" && sscanf(value, "%d+%d", &options.x, &options.y) == 2) ||
               (word == "--rate" && sscanf(value, "%u", &options.rate) == 1)) {
      ++at;
    } else {
      fprintf(stderr, "moving_client: cannot understand %s %s\n", word.c_str(), value);
      exit(2);
    }
  }
  return options;
}

class Desktop {
 public:
  explicit Desktop(const Options& options) : wire_(xcb_connect(nullptr, nullptr)) {
    if (xcb_connection_has_error(wire_) != 0) {
      fprintf(stderr, "moving_client: no display\n");
      exit(1);
    }
    screen_ = xcb_setup_roots_iterator(xcb_get_setup(wire_)).data;
    window_ = options.root ? screen_->root : open_window(options);
    gc_ = xcb_generate_id(wire_);
    xcb_create_gc(wire_, gc_, window_, 0, nullptr);
    resize(options.width, options.height);
  }

  ~Desktop() { xcb_disconnect(wire_); }

  Desktop(const Desktop&) = delete;
  Desktop& operator=(const Desktop&) = delete;

  [[nodiscard]] xcb_window_t window() const { return window_; }

  [[nodiscard]] bool is_broken() const { return xcb_connection_has_error(wire_) != 0; }

  void draw(uint32_t number) {
    picture_->draw(number);
    const auto width = static_cast<uint16_t>(picture_->width());
    const auto height = static_cast<uint16_t>(picture_->height());
    xcb_shm_put_image(wire_, window_, gc_, width, height, 0, 0, width, height, 0, 0,
                      screen_->root_depth, XCB_IMAGE_FORMAT_Z_PIXMAP, 0, segment_,
                      picture_->offset());
    round_trip();
  }

  void resize(unsigned width, unsigned height) {
    if (window_ != screen_->root) {
      const uint32_t values[] = {width, height};
      xcb_configure_window(wire_, window_, XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT,
                           values);
    }
    if (segment_ != XCB_NONE) xcb_shm_detach(wire_, segment_);
    picture_ = std::make_unique<MovingPicture>(width, height);
    segment_ = xcb_generate_id(wire_);
    xcb_shm_attach_fd(wire_, segment_, fcntl(picture_->fd(), F_DUPFD_CLOEXEC, 0), 1);
    round_trip();
  }

  void move(int x, int y) {
    const uint32_t values[] = {static_cast<uint32_t>(x), static_cast<uint32_t>(y)};
    xcb_configure_window(wire_, window_, XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y, values);
    round_trip();
  }

  void show(bool shown) {
    if (shown)
      xcb_map_window(wire_, window_);
    else
      xcb_unmap_window(wire_, window_);
    round_trip();
  }

  void close() {
    xcb_destroy_window(wire_, window_);
    round_trip();
  }

 private:
  xcb_window_t open_window(const Options& options) {
    const xcb_window_t window = xcb_generate_id(wire_);
    const uint32_t cursor = options.cursor ? make_cursor() : uint32_t{XCB_NONE};
    xcb_create_window(wire_, XCB_COPY_FROM_PARENT, window, screen_->root,
                      static_cast<int16_t>(options.x), static_cast<int16_t>(options.y),
                      static_cast<uint16_t>(options.width), static_cast<uint16_t>(options.height),
                      0, XCB_WINDOW_CLASS_INPUT_OUTPUT, screen_->root_visual, XCB_CW_CURSOR,
                      &cursor);
    xcb_change_property(wire_, XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8,
                        static_cast<uint32_t>(options.title.size()), options.title.data());
    xcb_map_window(wire_, window);
    return window;
  }

  /// A red square of 16x16 whose top left corner points.
  xcb_cursor_t make_cursor() {
    constexpr uint16_t side = 16;
    const xcb_pixmap_t shape = xcb_generate_id(wire_);
    const xcb_gcontext_t gc = xcb_generate_id(wire_);
    const xcb_cursor_t cursor = xcb_generate_id(wire_);
    const uint32_t set = 1;
    const xcb_rectangle_t whole{0, 0, side, side};
    xcb_create_pixmap(wire_, 1, shape, screen_->root, side, side);
    xcb_create_gc(wire_, gc, shape, XCB_GC_FOREGROUND, &set);
    xcb_poly_fill_rectangle(wire_, shape, gc, 1, &whole);
    xcb_create_cursor(wire_, cursor, shape, shape, 0xffff, 0, 0, 0xffff, 0, 0, 0, 0);
    return cursor;
  }

  void round_trip() {
    free(xcb_get_input_focus_reply(wire_, xcb_get_input_focus(wire_), nullptr));
    while (xcb_generic_event_t* event = xcb_poll_for_event(wire_)) free(event);
  }

  xcb_connection_t* wire_;
  xcb_screen_t* screen_ = nullptr;
  xcb_window_t window_ = XCB_NONE;
  xcb_gcontext_t gc_ = XCB_NONE;
  xcb_shm_seg_t segment_ = XCB_NONE;
  std::unique_ptr<MovingPicture> picture_;
};

class Show {
 public:
  explicit Show(const Options& options)
      : desktop_(options), interval_(std::chrono::nanoseconds(1'000'000'000) / options.rate) {
    // The signal only wakes: it is looked for where nothing is under way.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    signals_ = UniqueFd(signalfd(-1, &ends, SFD_CLOEXEC));
  }

  void run() {
    draw();
    printf("window %#x\n", desktop_.window());
    fflush(stdout);
    while (!ended_ && !desktop_.is_broken()) {
      if (!paused_ && now() >= next_) draw();
      listen();
    }
    printf("drawn %u\n", drawn_);
  }

 private:
  void draw() {
    desktop_.draw(drawn_++);
    next_ = std::max(next_ + interval_, now());
  }

  void listen() {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - now()).count();
    pollfd waits[] = {{0, POLLIN, 0}, {signals_.get(), POLLIN, 0}};
    if (poll(waits, 2, paused_ ? 1000 : static_cast<int>(std::max<long>(left, 0))) <= 0) return;
    if (waits[1].revents != 0) ended_ = true;
    if (waits[0].revents != 0) read_lines();
  }

  void read_lines() {
    char bytes[256];
    const ssize_t count = read(0, bytes, sizeof(bytes));
    if (count <= 0) {
      ended_ = true;
      return;
    }
    heard_.append(bytes, static_cast<size_t>(count));
    for (size_t end = 0; (end = heard_.find('\n')) != std::string::npos;) {
      obey(heard_.substr(0, end));
      heard_.erase(0, end + 1);
      printf("ok %u\n", drawn_);
      fflush(stdout);
    }
  }

  void obey(const std::string& line) {
    unsigned width = 0, height = 0;
    int x = 0, y = 0;
    if (sscanf(line.c_str(), "resize %ux%u", &width, &height) == 2) {
      desktop_.resize(width, height);
      draw();
    } else if (sscanf(line.c_str(), "move %d+%d", &x, &y) == 2) {
      desktop_.move(x, y);
    } else if (line == "hide" || line == "show") {
      desktop_.show(line == "show");
    } else if (line == "pause" || line == "resume") {
      paused_ = line == "pause";
    } else if (line == "close") {
      desktop_.close();
      ended_ = true;
    }
  }

  Desktop desktop_;
  const Duration interval_;
  UniqueFd signals_;
  Timestamp next_ = now();
  uint32_t drawn_ = 0;
  bool paused_ = false;
  bool ended_ = false;
  std::string heard_;
};

}  // namespace
}  // namespace millrace::x11::test

int main(int count, char** words) {
  millrace::x11::test::Show(millrace::x11::test::parse(count, words)).run();
  return 0;
}
