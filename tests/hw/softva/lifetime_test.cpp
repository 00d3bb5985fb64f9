// SPDX-License-Identifier: MIT
// Displays come and go, threads meet, memory runs out: nothing crashes, hangs or leaks.
#include <atomic>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dirent.h>
#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/display.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MILLRACE_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MILLRACE_TEST_SANITIZED 1
#endif
#endif

namespace millrace::softva_test {
namespace {

size_t open_descriptors() {
  size_t count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

size_t threads() {
  size_t count = 0;
  DIR* const folder = opendir("/proc/self/task");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

TEST(Lifetime, of_a_hundred_displays_leaves_no_descriptor_and_no_thread) {
  {
    // What a first stream leaves for good (a sanitizer's own thread, say) is no leak.
    const Display warm_up;
    Client client(warm_up, {});
    EXPECT_FALSE(client.encode(true).empty());
  }
  const size_t descriptors = open_descriptors();
  const size_t before = threads();
  for (int round = 0; round < 100; ++round) {
    const Display display;
    Client client(display, {});
    if (round % 10 == 0) {
      EXPECT_FALSE(client.encode(true).empty());
    }
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  // The kernel lists a joined thread a moment longer.
  for (int look = 0; look < 100 && threads() > before; ++look) usleep(10'000);
  EXPECT_EQ(threads(), before);
}

TEST(Lifetime, may_end_with_everything_alive) {
  const size_t descriptors = open_descriptors();
  {
    Display display;
    Client client(display, {.width = 640, .height = 480});
    VAImage image = {};
    void* mapped = nullptr;
    ASSERT_EQ(vaDeriveImage(client.display, client.input, &image), VA_STATUS_SUCCESS);
    ASSERT_EQ(vaMapBuffer(client.display, image.buf, &mapped), VA_STATUS_SUCCESS);
    ASSERT_EQ(vaMapBuffer(client.display, client.coded, &mapped), VA_STATUS_SUCCESS);
    ASSERT_EQ(vaUnmapBuffer(client.display, client.coded), VA_STATUS_SUCCESS);
    ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
    ASSERT_EQ(vaBeginPicture(client.display, client.context, client.input), VA_STATUS_SUCCESS);
    display.terminate();
    client.display = nullptr;  // What is left of the client must not be destroyed twice.
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST(Lifetime, of_a_context_drains_what_is_queued) {
  const Display display;
  Client client(display, {.width = 1280, .height = 720});
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyContext(client.display, client.context), VA_STATUS_SUCCESS);
  EXPECT_FALSE(client.take().bytes.empty());
}

TEST(Lifetime, of_a_long_stream_holds_descriptors_and_memory_steady) {
  const Display display;
  Client client(display, {});
  client.encode(true);
  const size_t descriptors = open_descriptors();
  for (int picture = 0; picture < 1000; ++picture) client.encode(picture % 100 == 0);
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST(Threads, of_a_driver_take_no_signals_of_its_client) {
  const Display display;
  Client client(display, {});
  client.encode(true);
  size_t workers = 0;
  DIR* const folder = opendir("/proc/self/task");
  while (const dirent* const entry = readdir(folder)) {
    const std::string task = std::string("/proc/self/task/") + entry->d_name;
    char name[32] = {};
    FILE* const comm = fopen((task + "/comm").c_str(), "re");
    if (comm == nullptr) continue;
    const bool is_worker =
        fgets(name, sizeof name, comm) != nullptr && std::string(name).rfind("va-encode", 0) == 0;
    fclose(comm);
    if (!is_worker) continue;
    ++workers;
    FILE* const status = fopen((task + "/status").c_str(), "re");
    ASSERT_NE(status, nullptr);
    char line[256] = {};
    unsigned long long blocked = 0;
    while (fgets(line, sizeof line, status) != nullptr) sscanf(line, "SigBlk: %llx", &blocked);
    fclose(status);
    EXPECT_NE(blocked & (1ULL << (SIGTERM - 1)), 0U);
    EXPECT_NE(blocked & (1ULL << (SIGINT - 1)), 0U);
  }
  closedir(folder);
  EXPECT_GE(workers, 1U);
}

TEST(Threads, eight_on_two_displays_and_four_contexts_get_along) {
  const Display one;
  const Display two;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i)
    clients.push_back(std::make_unique<Client>(i % 2 == 0 ? one : two, Stream{}));
  std::vector<std::thread> workers;
  for (auto& client : clients)
    workers.emplace_back([&client] {
      for (int picture = 0; picture < 30; ++picture)
        EXPECT_FALSE(client->encode(picture % 10 == 0).empty());
    });
  std::atomic<bool> done = false;
  for (const Display* const display : {&one, &two, &one, &two})
    workers.emplace_back([display, &done] {
      while (!done) {
        VASurfaceID surface = VA_INVALID_ID;
        VAImage image = {};
        void* mapped = nullptr;
        ASSERT_EQ(
            vaCreateSurfaces(display->get(), VA_RT_FORMAT_YUV420, 64, 64, &surface, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
        ASSERT_EQ(vaDeriveImage(display->get(), surface, &image), VA_STATUS_SUCCESS);
        ASSERT_EQ(vaMapBuffer(display->get(), image.buf, &mapped), VA_STATUS_SUCCESS);
        ASSERT_EQ(vaUnmapBuffer(display->get(), image.buf), VA_STATUS_SUCCESS);
        ASSERT_EQ(vaDestroyImage(display->get(), image.image_id), VA_STATUS_SUCCESS);
        ASSERT_EQ(vaDestroySurfaces(display->get(), &surface, 1), VA_STATUS_SUCCESS);
      }
    });
  for (size_t i = 0; i < clients.size(); ++i) workers[i].join();
  done = true;
  for (size_t i = clients.size(); i < workers.size(); ++i) workers[i].join();
}

TEST(Threads, one_may_wait_while_another_submits) {
  const Display display;
  Client client(display, {.width = 320, .height = 240});
  for (int picture = 0; picture < 20; ++picture) {
    ASSERT_EQ(client.submit(client.next(picture == 0)), VA_STATUS_SUCCESS);
    Coded coded;
    std::thread taker([&] {
      EXPECT_EQ(vaSyncSurface(client.display, client.input), VA_STATUS_SUCCESS);
      coded = client.take();
    });
    taker.join();
    EXPECT_FALSE(coded.bytes.empty());
  }
}

/// Runs `body` in a child under a limit; its exit status.
int in_child(int resource, rlim_t limit, const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limits = {limit, limit};
    setrlimit(static_cast<__rlimit_resource>(resource), &limits);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// What this process has mapped, in bytes.
[[maybe_unused]] rlim_t address_space() {
  unsigned long pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

TEST(Limits, of_descriptors_are_told_as_a_failed_allocation) {
#ifdef MILLRACE_TEST_SANITIZED
  GTEST_SKIP() << "a sanitizer looks at memory through a pipe, which takes descriptors; the plain "
                  "build runs this";
#endif
  const int result = in_child(RLIMIT_NOFILE, 24, [] {
    const Display display;
    if (display.status() != VA_STATUS_SUCCESS) return 1;
    std::vector<VASurfaceID> surfaces(64);
    const VAStatus status = vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 64, 64,
                                             surfaces.data(), 64, nullptr, 0);
    if (status != VA_STATUS_ERROR_ALLOCATION_FAILED) return 2;
    for (const VASurfaceID id : surfaces)
      if (id != VA_INVALID_ID) return 3;
    // All or nothing: the descriptors of those that were made are free again.
    if (vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 64, 64, surfaces.data(), 4, nullptr,
                         0) != VA_STATUS_SUCCESS)
      return 4;
    return vaDestroySurfaces(display.get(), surfaces.data(), 4) == VA_STATUS_SUCCESS ? 0 : 5;
  });
  EXPECT_EQ(result, 0);
}

TEST(Limits, of_address_space_are_told_as_a_failed_allocation) {
#ifdef MILLRACE_TEST_SANITIZED
  GTEST_SKIP() << "a sanitizer needs the address space; the plain build runs this";
#endif
  constexpr rlim_t gibibyte = rlim_t{1} << 30U;
  const int result = in_child(RLIMIT_AS, 2 * gibibyte, [] {
    const Display display;
    if (display.status() != VA_STATUS_SUCCESS) return 1;
    VASurfaceID surfaces[40] = {};
    if (vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 8192, 8192, surfaces, 40, nullptr,
                         0) != VA_STATUS_ERROR_ALLOCATION_FAILED)
      return 2;
    if (surfaces[0] != VA_INVALID_ID) return 3;
    if (vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 64, 64, surfaces, 2, nullptr, 0) !=
        VA_STATUS_SUCCESS)
      return 4;
    return vaDestroySurfaces(display.get(), surfaces, 2) == VA_STATUS_SUCCESS ? 0 : 5;
  });
  EXPECT_EQ(result, 0);
}

TEST(Limits, of_address_space_in_the_encoder_end_the_stream_and_not_the_process) {
#ifdef MILLRACE_TEST_SANITIZED
  GTEST_SKIP() << "a sanitizer needs the address space; the plain build runs this";
#endif
  const int result = in_child(RLIMIT_CORE, 0, [] {
    const Display display;
    Client client(display, {.width = 4096, .height = 4096});
    if (testing::Test::HasFailure()) return 1;
    const rlim_t limit = address_space() + (rlim_t{40} << 20U);
    const rlimit limits = {limit, limit};
    if (setrlimit(RLIMIT_AS, &limits) != 0) return 2;
    if (client.submit(client.next(true)) != VA_STATUS_SUCCESS) return 3;
    return client.take().status == VA_STATUS_ERROR_ENCODING_ERROR ? 0 : 4;
  });
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace millrace::softva_test
