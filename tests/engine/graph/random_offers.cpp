// SPDX-License-Identifier: MIT
#include "tests/engine/graph/random_offers.h"

#include <array>

#include "engine/graph/fact_walk.h"
#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

constexpr uint64_t numbers_of_interest[] = {0,
                                            1,
                                            2,
                                            3,
                                            16,
                                            4096,
                                            65535,
                                            65536,
                                            uint64_t{1} << 31,
                                            uint64_t{3} << 30,
                                            UINT32_MAX,
                                            uint64_t{1} << 63,
                                            UINT64_MAX - 1,
                                            UINT64_MAX};

/// Puts one hostile number into each kind of fact.
struct Poisoner {
  std::mt19937_64& random;

  uint64_t draw() const { return numbers_of_interest[random() % std::size(numbers_of_interest)]; }

  void operator()(OptionalNumber& fact) const {
    if (random() % 6 == 0) fact = number(draw(), "hostile");
  }

  void operator()(OptionalFlag& fact) const {
    if (random() % 6 == 0) fact = {random() % 2 == 0, documented("hostile")};
  }

  void operator()(std::optional<Fact<StrideDemand>>& fact) const {
    if (random() % 10 != 0) return;
    const StridePolicy policy = random() % 2 ? StridePolicy::fixed : StridePolicy::exact_up;
    fact = {{policy, draw()}, documented("hostile")};
  }

  template <class Other>
  void operator()(Other&) const {}
};

constexpr PixelFormat formats[] = {PixelFormat::nv12, PixelFormat::i420, PixelFormat::yuyv,
                                   PixelFormat::bgrx, PixelFormat::rgba, PixelFormat::p010};

}  // namespace

uint64_t RandomOffers::below(uint64_t limit) {
  return random_() % limit;
}

bool RandomOffers::chance(uint64_t percent) {
  return below(100) < percent;
}

uint64_t RandomOffers::alignment() {
  constexpr uint64_t common[] = {1, 2, 4, 8, 16, 32, 64, 96, 128, 256, 4096, 3, 48};
  return common[below(std::size(common))];
}

void RandomOffers::constrain(LayoutConstraints& layout, uint64_t percent) {
  for (size_t plane = 0; plane < 3; ++plane) {
    if (chance(percent)) layout.stride_align[plane] = number(alignment(), "stride");
    if (chance(percent)) layout.offset_align[plane] = number(alignment(), "offset");
    if (chance(percent / 2)) layout.rows_align[plane] = number(1 + below(64), "rows");
    if (chance(percent / 3)) layout.rows_min[plane] = number(below(1200), "least rows");
    if (chance(percent / 3)) layout.stride_min[plane] = number(below(9000), "least stride");
    if (chance(percent / 6)) layout.stride_max[plane] = number(4096 + below(9000), "most stride");
    if (chance(percent / 6)) {
      layout.stride_demand[plane] = {{StridePolicy::exact_up, alignment()}, documented("exact")};
    }
  }
  if (chance(percent)) layout.coded_align_width = number(1 + below(64), "coded width");
  if (chance(percent)) layout.coded_align_height = number(1 + below(64), "coded height");
  if (chance(percent)) layout.tail_pad = number(below(100), "tail");
  if (chance(percent / 3)) layout.alloc_min = number(below(10'000'000), "least bytes");
  if (chance(percent / 3)) layout.alloc_align = number(alignment(), "allocation");
  if (chance(percent / 6)) layout.stride_equal = yes("equal");
  if (chance(percent / 6)) layout.stride_derived = yes("derived");
  if (chance(percent / 6)) layout.offset_whole_rows = yes("whole rows");
  if (chance(percent / 6)) layout.planes_packed = yes("packed");
  if (chance(percent / 6)) layout.stride_whole_pixels = yes("whole pixels");
}

NegotiationInput RandomOffers::plausible() {
  const Picture picture{formats[below(std::size(formats))], static_cast<uint32_t>(1 + below(2000)),
                        static_cast<uint32_t>(1 + below(1200))};
  Alternative producer;
  LayoutConstraints consumer;
  constrain(producer.layout, 30);
  constrain(consumer, 40);
  return pair_of(source(picture, producer), sink({import_of(consumer)}));
}

void RandomOffers::poison(Alternative& alternative) {
  walk_all(alternative, Poisoner{random_});
}

NegotiationInput RandomOffers::hostile() {
  NegotiationInput input = plausible();
  for (StageOffer& stage : input.stages) {
    for (PortOffer& port : stage.ports) {
      for (Alternative& alternative : port.alternatives) poison(alternative);
    }
  }
  if (chance(10)) input.page_size.value = hostile_number();
  if (chance(10)) input.links[0].queue_depth.value = hostile_number();
  if (chance(10)) input.extra_buffers = number(hostile_number(), "--buffers");
  return input;
}

uint64_t RandomOffers::hostile_number() {
  return numbers_of_interest[below(std::size(numbers_of_interest))];
}

}  // namespace millrace::test
