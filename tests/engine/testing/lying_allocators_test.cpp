// SPDX-License-Identifier: MIT
// The allocator contract finds out each of a list of lies, and has nothing against the truth. It is
// run on an allocator for each; the program fails where the test that should have failed did not.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <set>
#include <span>
#include <string>
#include <utility>

#include <sys/mman.h>

#include "engine/memory/memfd_allocator.h"
#include "engine/testing/allocator_contract.h"

namespace millrace::test {
namespace {

enum class Lie : uint8_t {
  none,
  no_descriptor,
  standard_input,
  another_file,
  another_identity,
  bytes_of_its_own,
  stays_mapped,
  stays_open,
  another_type,
  another_kind,
  no_flags,
  no_alignment,
  no_zeros,
  one_identity_for_all,
  no_large_blocks,
};

struct Exposure {
  Lie lie;
  const char* name;
  const char* by;  ///< the test that finds it out
};

constexpr std::array exposures{
    Exposure{Lie::none, "none", nullptr},
    Exposure{Lie::no_descriptor, "no_descriptor", "names_its_kind_and_its_heap_on_every_block"},
    Exposure{Lie::standard_input, "standard_input", "names_the_file_that_its_descriptor_is_of"},
    Exposure{Lie::another_file, "another_file", "shows_the_same_bytes_through_its_descriptor"},
    Exposure{Lie::another_identity, "another_identity", "names_the_file_that_its_descriptor_is_of"},
    Exposure{Lie::bytes_of_its_own, "bytes_of_its_own",
             "shows_the_same_bytes_through_its_descriptor"},
    Exposure{Lie::stays_mapped, "stays_mapped", "gives_back_what_it_took"},
    Exposure{Lie::stays_open, "stays_open", "gives_back_what_it_took"},
    Exposure{Lie::another_type, "another_type", "names_its_kind_and_its_heap_on_every_block"},
    Exposure{Lie::another_kind, "another_kind", "names_its_kind_and_its_heap_on_every_block"},
    Exposure{Lie::no_flags, "no_flags", "opens_no_view_of_a_block_that_the_cpu_shall_not_reach"},
    Exposure{Lie::no_alignment, "no_alignment",
             "aligns_the_first_visible_byte_whatever_the_prefix"},
    Exposure{Lie::no_zeros, "no_zeros", "zeroes_prefix_and_padding_where_that_is_asked"},
    Exposure{Lie::one_identity_for_all, "one_identity_for_all",
             "gives_each_block_an_identity_of_its_own"},
    // Refused in the test's threads and elsewhere: the other tests are run all the same.
    Exposure{Lie::no_large_blocks, "no_large_blocks", "serves_several_threads_at_once"},
};

class LyingMemory final : public Memory {
 public:
  LyingMemory(Lie lie, UniqueFd file, UniqueFd shown, std::byte* start, const Facts& facts)
      : Memory(facts), lie_(lie), file_(std::move(file)), shown_(std::move(shown)), start_(start) {
    if (!facts.flags.not_mappable) set_mapped(start);
  }

  ~LyingMemory() override {
    if (lie_ != Lie::stays_mapped) ::munmap(start_, maxsize());
    if (lie_ == Lie::stays_open) static_cast<void>(file_.release());
  }

  [[nodiscard]] int fd() const override {
    if (lie_ == Lie::no_descriptor) return -1;
    if (lie_ == Lie::standard_input) return 0;
    return shown_ ? shown_.get() : file_.get();
  }

 private:
  Result<std::byte*> address() override { return start_; }

  Lie lie_;
  UniqueFd file_;
  UniqueFd shown_;
  std::byte* start_;
};

/// memfds, and one lie about them.
template <Lie lie>
class LyingAllocator final : public Allocator {
 public:
  [[nodiscard]] std::string_view heap() const override { return "lies"; }

  [[nodiscard]] MemoryKind kind() const override { return MemoryKind::memfd; }

  [[nodiscard]] Result<Ref<Memory>> allocate(size_t size, const AllocationParams& params) override {
    if (lie == Lie::no_large_blocks && size > 150'000) {
      return fail(ErrorKind::unavailable, "allocate: there are small blocks only");
    }
    const PagePlacement place = MILLRACE_TRY(place_in_pages(size, params));
    UniqueFd file = MILLRACE_TRY(create_sealed_memfd(place.total));
    UniqueFd shown;
    if (lie == Lie::another_file) shown = MILLRACE_TRY(create_sealed_memfd(place.total));
    std::byte* const start = MILLRACE_TRY(map(file.get(), place.total));
    MemoryFacts facts{.kind = kind(),
                      .type = heap(),
                      .flags = params.flags,
                      .maxsize = place.total,
                      .offset = place.offset,
                      .size = size,
                      .align = params.align,
                      .identity = MILLRACE_TRY(identify(shown ? shown.get() : file.get()))};
    distort(facts, start);
    return Ref<Memory>(make_ref<LyingMemory>(lie, std::move(file), std::move(shown), start, facts));
  }

 private:
  static Result<std::byte*> map(int file, size_t size) {
    const int flags = lie == Lie::bytes_of_its_own ? MAP_PRIVATE : MAP_SHARED;
    void* const start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, file, 0);
    if (start == MAP_FAILED) return fail_errno("map a memfd", errno);
    return static_cast<std::byte*>(start);
  }

  static void distort(MemoryFacts& facts, std::byte* start) {
    if (lie == Lie::another_identity) facts.identity.inode += 1'000'000'007;
    if (lie == Lie::one_identity_for_all) facts.identity = {1, 1};
    if (lie == Lie::another_type) facts.type = "memfd";
    if (lie == Lie::another_kind) facts.kind = MemoryKind::dmabuf;
    if (lie == Lie::no_flags) facts.flags = {};
    if (lie == Lie::no_alignment && facts.offset + facts.size < facts.maxsize) ++facts.offset;
    if (lie == Lie::no_zeros) std::ranges::fill(std::span(start, facts.maxsize), std::byte{0xff});
  }
};

template <Lie lie>
Result<std::unique_ptr<Allocator>> make() {
  return std::unique_ptr<Allocator>(std::make_unique<LyingAllocator<lie>>());
}

template <size_t... at>
auto makers(std::index_sequence<at...> /*all*/) {
  return testing::Values(make<exposures[at].lie>...);
}

INSTANTIATE_TEST_SUITE_P(Lies, AllocatorContract,
                         makers(std::make_index_sequence<exposures.size()>()),
                         [](const auto& one) { return std::string(exposures[one.index].name); });

/// The names of the tests that failed, as "test/lie".
class Verdicts final : public testing::EmptyTestEventListener {
 public:
  void OnTestEnd(const testing::TestInfo& test) override {
    if (test.result()->Failed()) failed_.insert(test.name());
  }

  [[nodiscard]] bool found(const std::string& test) const { return failed_.count(test) != 0; }

  /// Tests that had something against the allocator that does not lie.
  [[nodiscard]] size_t against_the_truth() const {
    return static_cast<size_t>(std::ranges::count_if(
        failed_, [](const std::string& test) { return test.ends_with("/none"); }));
  }

 private:
  std::set<std::string> failed_;
};

/// How many lies were believed.
int judge(const Verdicts& verdicts) {
  int believed = 0;
  for (const Exposure& exposure : exposures) {
    if (!exposure.by) continue;
    const bool found = verdicts.found(std::string(exposure.by) + "/" + exposure.name);
    std::printf("%-22s %s %s\n", exposure.name, found ? "found out by" : "NOT FOUND OUT BY",
                exposure.by);
    believed += found ? 0 : 1;
  }
  return believed;
}

}  // namespace
}  // namespace millrace::test

int main(int argc, char** argv) {
  using namespace millrace::test;
  testing::InitGoogleTest(&argc, argv);
  Verdicts verdicts;
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  listeners.Append(&verdicts);
  [[maybe_unused]] const int result = RUN_ALL_TESTS();  // the verdicts say more
  static_cast<void>(listeners.Release(&verdicts));
  const int believed = judge(verdicts);
  std::printf("%zu tests failed for an allocator without a lie\n", verdicts.against_the_truth());
  return believed == 0 && verdicts.against_the_truth() == 0 ? 0 : 1;
}
