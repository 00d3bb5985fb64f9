// SPDX-License-Identifier: MIT
// Work: one operation that the memory bench compares, done many times in a row; Contender: who does
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace millrace::bench {

class Work {
 public:
  Work() = default;
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  virtual ~Work() = default;

  /// Does it `times` times. Whatever does not belong to it was done when the work was made.
  virtual void run(uint64_t times) = 0;
};

/// The loop around a `Step`, an object whose call is the operation. Kept out of line, so that a
/// listing of this function is what the bench measures.
template <class Step>
class Loop final : public Work {
 public:
  [[gnu::noinline]] void run(uint64_t times) override {
    for (; times > 0; --times) step_();
  }

 private:
  Step step_;
};

struct Contender {
  std::string_view row;   ///< the operation, "ref"
  std::string_view side;  ///< who does it: "ours", "gst", "av", "floor", …
  std::function<std::unique_ptr<Work>()> make;
  bool two_threads = false;
  uint64_t weight = 1;  ///< counted that many times less often, because it takes long
};

using Contenders = std::vector<Contender>;

template <class SomeWork>
Contender contender(std::string_view row, std::string_view side) {
  return {.row = row, .side = side, .make = [] { return std::make_unique<SomeWork>(); }};
}

/// Of work that takes microseconds.
template <class SomeWork>
Contender long_contender(std::string_view row, std::string_view side) {
  Contender made = contender<SomeWork>(row, side);
  made.weight = 50;
  return made;
}

/// Makes the compiler believe that a number or pointer is looked at and that all memory may have
/// changed.
template <class T>
requires std::is_scalar_v<T>

inline void look_at(T value) {
  asm volatile("" : : "r"(value) : "memory");
}

/// The same of all memory alone.
inline void look_at_memory() {
  asm volatile("" : : : "memory");
}

/// Ends the program, telling what could not be set up.
[[noreturn]] void give_up(const char* what);

inline void need(bool done, const char* what) {
  if (!done) give_up(what);
}

void add_floors(Contenders& all);
void add_our_buffers(Contenders& all);
void add_our_pools(Contenders& all);
void add_gstreamer_buffers(Contenders& all);
void add_gstreamer_pools(Contenders& all);
void add_ffmpeg(Contenders& all);

}  // namespace millrace::bench
