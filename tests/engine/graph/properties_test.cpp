// SPDX-License-Identifier: MIT
// What must hold of every plan, tried on random offers. MILLRACE_LONG=1 tries a hundred times more.
#include "tests/engine/graph/layout_checker.h"
#include "tests/engine/graph/offers.h"
#include "tests/engine/graph/random_offers.h"
#include "tests/long_form.h"

namespace millrace::test {
namespace {

uint64_t rounds() {
  return in_long_form() ? 100'000 : 1'000;
}

const LayoutConstraints& layout_of(const NegotiationInput& input, size_t stage) {
  return input.stages[stage].ports[0].alternatives[0].layout;
}

LayoutConstraints& layout_of(NegotiationInput& input, size_t stage) {
  return input.stages[stage].ports[0].alternatives[0].layout;
}

void expect_sound(const PlanPool& pool, const std::vector<const LayoutConstraints*>& members,
                  uint64_t seed) {
  for (const std::string& what : broken_constraints(pool, members)) {
    ADD_FAILURE() << "seed " << seed << ": " << what;
  }
}

TEST(PlanProperties, every_layout_keeps_every_constraint_of_its_members) {
  uint64_t shared = 0;
  uint64_t copied = 0;
  for (uint64_t seed = 0; seed < rounds(); ++seed) {
    const NegotiationInput input = RandomOffers(seed).plausible();
    const Result<Plan> plan = negotiate(input);
    if (!plan) continue;
    const PlanEdge& edge = plan->edges.at(0);
    const LayoutConstraints* producer = &layout_of(input, 0);
    const LayoutConstraints* consumer = &layout_of(input, 1);
    if (edge.verdict == Verdict::shared) {
      ++shared;
      expect_sound(plan->pools[edge.pool], {producer, consumer}, seed);
    } else {
      ++copied;
      expect_sound(plan->pools[edge.pool], {producer}, seed);
      expect_sound(plan->pools[edge.copy_pool.value()], {consumer}, seed);
    }
  }
  EXPECT_GT(shared, rounds() / 5);
  EXPECT_GT(copied, rounds() / 50);
}

TEST(PlanProperties, the_same_offers_give_the_same_plan_byte_for_byte) {
  for (uint64_t seed = 0; seed < rounds() / 10; ++seed) {
    const Result<Plan> first = negotiate(RandomOffers(seed).plausible());
    const Result<Plan> second = negotiate(RandomOffers(seed).plausible());
    ASSERT_EQ(first.has_value(), second.has_value());
    if (!first) {
      EXPECT_EQ(first.error().what, second.error().what);
      continue;
    }
    EXPECT_EQ(first->json(), second->json());
  }
}

/// Pins what was solved, as a driver would that granted it.
void fix_layout(LayoutConstraints& layout, const PlanPool& pool) {
  for (size_t plane = 0; plane < facts(pool.video()->format).plane_count; ++plane) {
    layout.stride_demand[plane] =
        fixed_stride(pool.plane[plane].stride.value, queried("granted stride"));
    layout.offset_fixed[plane] = number(pool.plane[plane].offset.value, "granted offset");
    layout.rows_min[plane] = number(pool.plane[plane].rows.value, "granted rows");
  }
}

TEST(PlanProperties, a_shared_layout_that_is_granted_as_it_is_stays_shared) {
  uint64_t tried = 0;
  for (uint64_t seed = 0; seed < rounds(); ++seed) {
    NegotiationInput input = RandomOffers(seed).plausible();
    const Result<Plan> plan = negotiate(input);
    if (!plan || plan->edges.at(0).verdict != Verdict::shared) continue;
    ++tried;
    fix_layout(layout_of(input, 0), plan->pools[0]);
    const Result<Plan> again = negotiate(input);
    ASSERT_TRUE(again.has_value()) << "seed " << seed << ": " << again.error().what;
    EXPECT_EQ(again->edges[0].verdict, Verdict::shared) << "seed " << seed;
    EXPECT_EQ(again->pools[0].layout(), plan->pools[0].layout()) << "seed " << seed;
  }
  EXPECT_GT(tried, rounds() / 5);
}

TEST(PlanProperties, removing_constraints_never_costs_a_copy) {
  uint64_t kept = 0;
  for (uint64_t seed = 0; seed < rounds(); ++seed) {
    NegotiationInput input = RandomOffers(seed).plausible();
    const Result<Plan> plan = negotiate(input);
    if (!plan) continue;
    const std::vector<FormatChoice> formats = layout_of(input, 1).formats;
    layout_of(input, 1) = {};
    layout_of(input, 1).formats = formats;
    const Result<Plan> freed = negotiate(input);
    if (!freed) {
      // A producer may contradict itself at just its own size, which a padded one had hidden.
      EXPECT_EQ(freed.error().what.find("; sink.in: "), std::string::npos) << freed.error().what;
      continue;
    }
    ++kept;
    EXPECT_EQ(freed->copied_bytes_per_frame(), 0U) << "seed " << seed;
  }
  EXPECT_GT(kept, rounds() / 2);
}

TEST(PlanProperties, a_stage_without_constraints_in_between_never_costs_a_copy) {
  for (uint64_t seed = 0; seed < rounds() / 10; ++seed) {
    NegotiationInput input = RandomOffers(seed).plausible();
    const Result<Plan> plan = negotiate(input);
    if (!plan) continue;
    PortOffer out{.name = "out", .direction = Direction::output, .stream = VideoFormat{}};
    StageOffer watcher{.stage = "watch", .kind = StageKind::in_place};
    watcher.ports = {test::input({import_of({})}), out};
    input.stages.insert(input.stages.begin() + 1, watcher);
    input.links = {link("source", "watch", 0), link("watch", "sink")};
    const Result<Plan> watched = negotiate(input);
    ASSERT_TRUE(watched.has_value()) << "seed " << seed;
    EXPECT_EQ(watched->copied_bytes_per_frame(), plan->copied_bytes_per_frame());
  }
}

TEST(PlanProperties, hostile_numbers_give_a_plan_that_holds_or_an_error_with_reasons) {
  uint64_t refused = 0;
  for (uint64_t seed = 0; seed < rounds(); ++seed) {
    const NegotiationInput input = RandomOffers(seed).hostile();
    const Result<Plan> plan = negotiate(input);
    if (!plan) {
      ++refused;
      EXPECT_FALSE(plan.error().what.empty());
      EXPECT_FALSE(plan.error().remedy.empty());
      continue;
    }
    const PlanEdge& edge = plan->edges.at(0);
    if (edge.verdict == Verdict::shared) {
      expect_sound(plan->pools[edge.pool], {&layout_of(input, 0), &layout_of(input, 1)}, seed);
    }
    EXPECT_FALSE(plan->text().empty());
    EXPECT_FALSE(plan->json().empty());
  }
  EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace millrace::test
