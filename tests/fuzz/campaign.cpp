// SPDX-License-Identifier: MIT
// A short fuzz campaign without libFuzzer: every seed as it is, then fixed pseudo-random mutations
// of the seeds, so that each build and each sanitizer runs the same inputs. Usage: campaign_NAME
// SEED_FOLDER [ROUNDS]; MILLRACE_LONG=1 multiplies the rounds by 100.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/long_form.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Bytes = std::vector<uint8_t>;

std::vector<Bytes> read_seeds(const std::filesystem::path& folder) {
  std::vector<Bytes> seeds{{}};
  if (!std::filesystem::is_directory(folder)) return seeds;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return seeds;
}

class Mutator {
 public:
  Bytes mutate(Bytes bytes) {
    const uint32_t changes = 1 + pick(6);
    for (uint32_t change = 0; change < changes; ++change) change_once(bytes);
    return bytes;
  }

  uint32_t pick(size_t below) { return below == 0 ? 0 : static_cast<uint32_t>(random_() % below); }

 private:
  void change_once(Bytes& bytes) {
    static constexpr uint8_t telling[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '0', '9', '-', '.', '\n'};
    const size_t at = pick(bytes.size());
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (bytes.empty() ? 2 : pick(6)) {
      case 0:
        bytes[at] ^= static_cast<uint8_t>(1U << pick(8));
        break;
      case 1:
        bytes[at] = telling[pick(std::size(telling))];
        break;
      case 2:
        bytes.insert(place, static_cast<uint8_t>(random_()));
        break;
      case 3:
        bytes.erase(place);
        break;
      case 4:
        bytes.resize(at);
        break;
      default: {
        const Bytes tail(place, bytes.end());
        bytes.insert(bytes.end(), tail.begin(), tail.end());
        break;
      }
    }
  }

  std::mt19937 random_{20240607};  // NOLINT: the same inputs in every run
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s SEED_FOLDER [ROUNDS]\n", argv[0]);
    return 2;
  }
  const std::vector<Bytes> seeds = read_seeds(argv[1]);
  const long factor = millrace::test::in_long_form() ? 100 : 1;
  const long rounds = (argc > 2 ? std::atol(argv[2]) : 20000) * factor;
  for (const Bytes& seed : seeds) LLVMFuzzerTestOneInput(seed.data(), seed.size());
  Mutator mutator;
  for (long round = 0; round < rounds; ++round) {
    const Bytes input = mutator.mutate(seeds[mutator.pick(seeds.size())]);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%zu seeds, %ld mutations: no crash\n", seeds.size(), rounds);
}
