// SPDX-License-Identifier: MIT
// Any numbers as the constraints of a source and a sink: a plan whose layouts hold their pictures,
// or an error with a remedy.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "engine/format/layout.h"
#include "engine/graph/fact_walk.h"
#include "engine/graph/negotiation.h"
#include "tests/fuzz/bytes.h"

using namespace millrace;
using fuzz::Bytes;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

struct Filler {
  Bytes& bytes;

  bool wanted() const { return bytes.next() % 4 == 1; }

  void operator()(OptionalNumber& fact) const {
    if (wanted()) fact = {bytes.number(), documented("fuzz")};
  }

  void operator()(OptionalFlag& fact) const {
    if (wanted()) fact = {true, documented("fuzz")};
  }

  void operator()(std::optional<Fact<StrideDemand>>& fact) const {
    if (!wanted()) return;
    const StridePolicy policy =
        bytes.next() % 2 == 0 ? StridePolicy::fixed : StridePolicy::exact_up;
    fact = {{policy, bytes.number()}, documented("fuzz")};
  }

  void operator()(std::vector<FormatChoice>& formats) const {
    const size_t count = bytes.next() % 3;
    for (size_t index = 0; index < count; ++index) {
      const auto format = static_cast<PixelFormat>(bytes.next() % all_pixel_formats().size());
      formats.push_back({format, Modifier::linear, bytes.next(), documented("fuzz")});
    }
  }

  template <class Other>
  void operator()(Other&) const {}
};

PortOffer port_of(Bytes& bytes, Direction direction) {
  PortOffer port{.name = "p", .direction = direction};
  port.stream = VideoFormat{.width = bytes.next(), .height = bytes.next()};
  const size_t ways = 1 + bytes.next() % 2U;
  for (size_t index = 0; index < ways; ++index) {
    Alternative way{.name = "way"};
    walk_all(way, Filler{bytes});
    port.alternatives.push_back(way);
  }
  return port;
}

void check_pool(const PlanPool& pool) {
  require(check_layout(pool.layout(), static_cast<uint32_t>(pool.width.value),
                       static_cast<uint32_t>(pool.height.value), pool.alloc.value)
              .has_value());
  require(pool.count.value > 0 && !pool.count.why.empty() && !pool.alloc.why.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  NegotiationInput input;
  input.page_size = {4096, documented("page")};
  input.heaps = {{"host", UINT64_MAX, documented("host")}};
  input.stages = {
      {.stage = "a", .kind = StageKind::source, .ports = {port_of(bytes, Direction::output)}},
      {.stage = "b", .kind = StageKind::sink, .ports = {port_of(bytes, Direction::input)}}};
  input.links = {{"a", "p", "b", "p", {bytes.next(), documented("queue")}}};
  if (bytes.next() % 4 == 1) input.extra_buffers = {bytes.number(), documented("--buffers")};
  const Result<Plan> plan = negotiate(input);
  if (!plan) {
    require(!plan.error().what.empty() && !plan.error().remedy.empty());
    return 0;
  }
  for (const PlanPool& pool : plan->pools) {
    if (pool.objects == ObjectLayout::one) check_pool(pool);
  }
  require(!plan->text().empty() && !plan->json().empty());
  return 0;
}
