// SPDX-License-Identifier: MIT
// On the V4L2 devices of this machine, where there are any.
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <gtest/gtest.h>

#include "engine/run/pipeline.h"
#include "engine/stages/test_bars_source.h"
#include "hw/v4l2/output_stage.h"

namespace millrace::v4l2 {
namespace {

constexpr unsigned video_major = 81;

std::vector<std::string> video_nodes() {
  std::vector<std::string> nodes;
  for (const auto& entry : std::filesystem::directory_iterator("/dev")) {
    struct stat there {};

    if (entry.path().filename().string().rfind("video", 0) != 0) continue;
    if (::stat(entry.path().c_str(), &there) != 0 || !S_ISCHR(there.st_mode)) continue;
    if (major(there.st_rdev) == video_major) nodes.push_back(entry.path());
  }
  return nodes;
}

Result<Grant> grant_of(const OutputDevice& device, const VideoFormat& video) {
  return device.choose(std::vector<Wish>{{video}});
}

TEST(RealDevice, shows_the_frames_that_it_is_fed) {
  const VideoFormat video{PixelFormat::nv12, 640, 480, {30, 1}, bt709_limited};
  size_t fed = 0;
  for (const std::string& node : video_nodes()) {
    auto device = OutputDevice::open(node);
    if (!device) continue;
    Result<Grant> grant = grant_of(**device, video);
    if (!grant) continue;
    Graph graph;
    ASSERT_TRUE(graph.add("source", TestBarsSource::create({video, true, {}, "test:bars"}).take()));
    ASSERT_TRUE(graph.add("output", std::make_unique<OutputStage>(device.take(), grant.take())));
    ASSERT_TRUE(graph.link("source.out", "output.in", {2, documented("a queue of the test")}));
    auto pipeline = Pipeline::create(std::move(graph), AllocatorSet::standard(),
                                     {.max_frames = 15, .validate = true});
    ASSERT_TRUE(pipeline) << node << ": " << pipeline.error().what;
    const Result<> ended = (*pipeline)->run({});
    EXPECT_TRUE(ended) << node << ": " << ended.error().what;
    EXPECT_EQ((*pipeline)->snapshot().delivered, 15U) << node;
    EXPECT_TRUE((*pipeline)->proof()->holds()) << node;
    ++fed;
  }
  if (fed == 0) GTEST_SKIP() << "no V4L2 device here takes NV12 640x480 (v4l2loopback, vivid)";
}

TEST(RealDevice, that_only_gives_frames_is_refused_by_name) {
  size_t refused = 0;
  for (const std::string& node : video_nodes()) {
    const auto device = OutputDevice::open(node);
    if (device) continue;
    EXPECT_NE(device.error().what.find(node), std::string::npos);
    EXPECT_FALSE(device.error().remedy.empty());
    ++refused;
  }
  if (refused == 0) GTEST_SKIP() << "no V4L2 device here is a camera only";
}

}  // namespace
}  // namespace millrace::v4l2
