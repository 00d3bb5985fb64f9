// SPDX-License-Identifier: MIT
// Offers drawn at random, from a seed, so that a failure can be repeated.
#pragma once

#include <cstdint>
#include <random>

#include "engine/graph/negotiation.h"

namespace millrace::test {

class RandomOffers {
 public:
  explicit RandomOffers(uint64_t seed) : random_(seed) {}

  /// A source and a sink whose numbers real devices might state.
  [[nodiscard]] NegotiationInput plausible();

  /// Numbers that nobody would state: 0, 1, powers and limits of 64 bits.
  [[nodiscard]] NegotiationInput hostile();

 private:
  [[nodiscard]] uint64_t below(uint64_t limit);
  [[nodiscard]] bool chance(uint64_t percent);
  [[nodiscard]] uint64_t alignment();
  [[nodiscard]] uint64_t hostile_number();
  void constrain(LayoutConstraints& layout, uint64_t percent);
  void poison(Alternative& alternative);

  std::mt19937_64 random_;
};

}  // namespace millrace::test
