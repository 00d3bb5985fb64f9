// SPDX-License-Identifier: MIT
// Notices: what happens to that which is captured, told to people in measure.
//
// A window that is dragged to another size changes with every frame. Of each act the first is told
// at once; of those that follow, one a second, with their number and what is so now:
//
//   window 0x3a00007 'xterm' 641x480 was 640x480 before: fitted into the recorded size
//   resized 37 times, now window 0x3a00007 'xterm' 800x600
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"
#include "engine/base/time.h"

namespace millrace::x11 {

struct Notice {
  std::string text;   ///< empty: nothing is worth a word
  std::string act;    ///< "resized"; empty: told in any case
  std::string state;  ///< of many such acts: what is so after the last one
};

/// Thread-safe.
class MILLRACE_API Notices {
 public:
  /// Logs it, or holds it back.
  void add(const Notice& notice, Timestamp now);

  /// Logs what has been held back for long enough.
  void tell_due(Timestamp now);

  /// Logs all that is held back.
  void tell_rest();

  /// All that was logged or is held back, up to a number, and how many are left out.
  [[nodiscard]] std::vector<std::string> texts() const;

 private:
  struct Series {
    std::string act;
    Timestamp told{};
    size_t held = 0;
    Notice last{};
  };

  [[nodiscard]] static std::string text_of(const Series& series);
  void tell(const std::string& text) MILLRACE_REQUIRES(mutex_);
  void tell_held(Series& series) MILLRACE_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::vector<Series> series_ MILLRACE_GUARDED_BY(mutex_);
  std::vector<std::string> texts_ MILLRACE_GUARDED_BY(mutex_);
  size_t left_out_ MILLRACE_GUARDED_BY(mutex_) = 0;
};

}  // namespace millrace::x11
