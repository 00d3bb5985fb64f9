// SPDX-License-Identifier: MIT
#include "hw/vaapi/ladder.h"

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

ImportTrial no_udmabuf() {
  return {.heap = "udmabuf",
          .answer = "open /dev/udmabuf: Permission denied",
          .why = queried("open /dev/udmabuf: Permission denied"),
          .remedy = "Add a udev rule."};
}

ImportTrial memfd(bool passed) {
  return {.heap = "memfd",
          .passed = passed,
          .answer = "invalid parameter (0x12)",
          .why = queried("trial")};
}

OwnSurfaceTrial own(bool passed) {
  OwnSurfaceTrial trial{.passed = passed, .kind = MemoryKind::dmabuf};
  if (!passed) trial.refusals = {{Reach::exported, "tiled"}, {Reach::derived, "no"}};
  return trial;
}

Ladder judged(bool import, bool own_surface, bool upload, MemoryPath path = MemoryPath::automatic) {
  return judge({no_udmabuf(), memfd(import)}, own(own_surface),
               {upload, queried("vaCreateImage: failed")}, path);
}

TEST(Ladder, takes_the_best_rung_that_is_open) {
  EXPECT_EQ(judged(true, true, true).best()->name, "import");
  EXPECT_EQ(judged(false, true, true).best()->name, "own-surface");
  EXPECT_EQ(judged(false, false, true).best()->name, "put-image");
  EXPECT_EQ(judged(false, false, false).best(), nullptr);
}

TEST(Ladder, says_of_each_better_rung_why_it_is_not_taken) {
  const std::string reason = judged(false, false, true).reason_for(put_image_rung);
  EXPECT_EQ(reason,
            "frames are copied by vaPutImage; not import: there is no udmabuf (open /dev/udmabuf: "
            "Permission denied), the driver refuses memfd (invalid parameter (0x12)); not "
            "own-surface: not exported: tiled, not derived: no");
}

TEST(Ladder, says_that_the_plan_knows_where_a_better_rung_is_open) {
  EXPECT_NE(judged(true, true, true).reason_for(own_surface_rung).find("the plan says why"),
            std::string::npos);
}

TEST(Ladder, keeps_the_remedy_of_what_is_missing) {
  EXPECT_EQ(judged(false, true, true).rung(import_rung).remedy, "Add a udev rule.");
}

TEST(Ladder, closes_a_rung_for_what_happened_after_its_trial) {
  Ladder ladder = judged(true, true, true);
  ladder.close(import_rung, "the driver refused the third buffer");
  EXPECT_EQ(ladder.best()->name, "own-surface");
  EXPECT_NE(ladder.reason_for(own_surface_rung).find("the third buffer"), std::string::npos);
}

TEST(Ladder, does_not_believe_a_driver_that_shows_nothing_while_there_is_another_way) {
  OwnSurfaceTrial blind = own(true);
  blind.not_read_back = "vaGetImage: failed";
  const Ladder other = judge({memfd(false)}, blind, {true, queried("accepted")}, {});
  EXPECT_EQ(other.best()->name, "put-image");
  EXPECT_NE(other.reason_for(put_image_rung).find("cannot be read back: vaGetImage: failed"),
            std::string::npos);
  EXPECT_TRUE(warnings_of(other).empty());

  const Ladder only = judge({memfd(false)}, blind, {false, queried("refused")}, {});
  EXPECT_EQ(only.best()->name, "own-surface");
  EXPECT_NE(only.best()->reason.find("not read back: vaGetImage: failed"), std::string::npos);
  ASSERT_EQ(warnings_of(only).size(), 1U);
}

TEST(Ladder, says_where_the_driver_may_stage_what_it_maps) {
  OwnSurfaceTrial derived = own(true);
  derived.reach = Reach::derived;
  derived.may_be_staged = true;
  const Ladder ladder = judge({memfd(false)}, derived, {true, queried("accepted")}, {});
  EXPECT_NE(ladder.best()->reason.find("vaDeriveImage, which the driver may stage"),
            std::string::npos)
      << ladder.best()->reason;
}

TEST(Ladder, derives_own_surfaces_where_the_export_of_a_pool_is_refused) {
  Ladder ladder = judged(false, true, true);
  ladder.reserve = own(true);
  ladder.reserve.reach = Reach::derived;
  ladder.close(own_surface_rung, "too many exports");
  EXPECT_EQ(ladder.best()->name, "own-surface");
  EXPECT_NE(ladder.best()->reason.find("not exported: too many exports"), std::string::npos);
  ladder.close(own_surface_rung, "and no images");
  EXPECT_EQ(ladder.best()->name, "put-image");
}

TEST(Ladder, opens_nothing_that_shares_where_the_user_wants_copies) {
  const Ladder ladder = judge({}, {}, {true, queried("accepted")}, MemoryPath::copied);
  EXPECT_EQ(ladder.best()->name, "put-image");
  EXPECT_EQ(ladder.reason_for(put_image_rung),
            "frames are copied by vaPutImage; not import: --memory cpu shares nothing with the "
            "driver");
}

TEST(Ladder, opens_nothing_that_copies_where_the_user_wants_none) {
  const Ladder ladder = judged(false, false, true, MemoryPath::shared);
  EXPECT_EQ(ladder.best(), nullptr);
  EXPECT_NE(ladder.rung(put_image_rung).reason.find("--memory dmabuf"), std::string::npos);
}

}  // namespace
}  // namespace millrace::vaapi
