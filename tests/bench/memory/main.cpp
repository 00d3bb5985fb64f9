// SPDX-License-Identifier: MIT
// The same work with buffers, metas and pools by Millrace, GStreamer and FFmpeg in one program.
// Usage: memory_bench times [ROUNDS SAMPLE-MICROSECONDS] [--row ROW]
//        memory_bench counts TIMES [--row ROW]
//        memory_bench list
// See times.h and counts.h for what each prints.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gst/gst.h>

#include "tests/bench/memory/counts.h"
#include "tests/bench/memory/times.h"
#include "tests/bench/memory/two_threads.h"

namespace millrace::bench {

void give_up(const char* what) {
  std::fprintf(stderr, "error: could not set up %s\n", what);
  std::exit(1);
}

namespace {

void start_gstreamer() {
  setenv("GST_REGISTRY_DISABLE", "yes", 1);  // no plugins are used, so none are looked for
  gst_init(nullptr, nullptr);
}

Contenders all_contenders() {
  Contenders all;
  add_our_buffers(all);
  add_our_pools(all);
  add_gstreamer_buffers(all);
  add_gstreamer_pools(all);
  add_ffmpeg(all);
  add_floors(all);
  return all;
}

void leave_only(Contenders& contenders, std::string_view row) {
  std::erase_if(contenders, [row](const Contender& one) { return one.row != row; });
  need(!contenders.empty(), "a row of that name");
}

void leave_out_two_threads(Contenders& contenders) {
  std::fprintf(stderr, "# this process may use one CPU: the rows on two threads are left out\n");
  std::erase_if(contenders, [](const Contender& one) { return one.two_threads; });
}

/// The number at `index` among the words, or `otherwise` where there is none.
uint64_t number(const std::vector<std::string_view>& words, size_t index, uint64_t otherwise) {
  return index < words.size() ? std::strtoull(words[index].data(), nullptr, 10) : otherwise;
}

int run(std::vector<std::string_view> words) {
  Contenders contenders = all_contenders();
  if (!has_two_cpus()) leave_out_two_threads(contenders);
  if (words.size() >= 2 && words[words.size() - 2] == "--row") {
    leave_only(contenders, words.back());
    words.resize(words.size() - 2);
  }
  if (!words.empty() && words[0] == "times") {
    TimesPlan plan;
    plan.rounds = number(words, 1, plan.rounds);
    plan.sample = std::chrono::microseconds(number(words, 2, 4000));
    print_times(contenders, plan);
    return 0;
  }
  if (words.size() == 2 && words[0] == "counts" && number(words, 1, 0) > 0) {
    print_counts(contenders, number(words, 1, 0));
    return 0;
  }
  if (words.size() == 1 && words[0] == "list") {
    print_list(contenders);
    return 0;
  }
  std::fprintf(stderr,
               "usage: memory_bench times [ROUNDS SAMPLE-MICROSECONDS] [--row ROW]\n"
               "       memory_bench counts TIMES [--row ROW]\n"
               "       memory_bench list\n");
  return 2;
}

}  // namespace
}  // namespace millrace::bench

int main(int argc, char** argv) {
  millrace::bench::start_gstreamer();
  return millrace::bench::run({argv + 1, argv + argc});
}
