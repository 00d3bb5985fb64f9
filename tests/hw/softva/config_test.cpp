// SPDX-License-Identifier: MIT
// Profiles, entrypoints, configs and contexts: what is offered, and the status of each refusal.
#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

uint32_t attribute(const Display& display, VAConfigAttribType type,
                   VAEntrypoint entrypoint = VAEntrypointEncSlice) {
  VAConfigAttrib asked = {type, 0};
  EXPECT_EQ(vaGetConfigAttributes(display.get(), VAProfileH264High, entrypoint, &asked, 1),
            VA_STATUS_SUCCESS);
  return asked.value;
}

VAStatus create_config(const Display& display, std::vector<VAConfigAttrib> attributes,
                       VAProfile profile = VAProfileH264High,
                       VAEntrypoint entrypoint = VAEntrypointEncSlice) {
  VAConfigID config = 77;
  const VAStatus status = vaCreateConfig(display.get(), profile, entrypoint, attributes.data(),
                                         static_cast<int>(attributes.size()), &config);
  if (status == VA_STATUS_SUCCESS) {
    EXPECT_EQ(vaDestroyConfig(display.get(), config), VA_STATUS_SUCCESS);
  } else {
    EXPECT_EQ(config, VA_INVALID_ID);
  }
  return status;
}

TEST(Driver, names_itself_and_its_encoder_as_no_other_driver_does) {
  const Display display;
  ASSERT_EQ(display.status(), VA_STATUS_SUCCESS);
  const std::string vendor = display.vendor();
  EXPECT_EQ(vendor.rfind("Millrace software VA driver ", 0), 0U);
  EXPECT_NE(vendor.find("(libx264)"), std::string::npos);
  for (const char* const other :
       {"ubit", "Splitted-Desktop", "Mesa Gallium driver", "Intel i965 driver", "Intel iHD driver"})
    EXPECT_EQ(vendor.find(other), std::string::npos) << other;
}

TEST(Driver, needs_no_drm_state) {
  const Display display(DisplayOptions{"", false});
  ASSERT_EQ(display.status(), VA_STATUS_SUCCESS);
  Client client(display, {});
  EXPECT_FALSE(client.encode(true).empty());
}

TEST(Driver, offers_three_profiles_of_h264_to_encode) {
  const Display display;
  std::vector<VAProfile> profiles(static_cast<size_t>(vaMaxNumProfiles(display.get())));
  int count = 0;
  ASSERT_EQ(vaQueryConfigProfiles(display.get(), profiles.data(), &count), VA_STATUS_SUCCESS);
  ASSERT_EQ(count, 3);
  for (int i = 0; i < count; ++i) {
    std::vector<VAEntrypoint> entrypoints(static_cast<size_t>(vaMaxNumEntrypoints(display.get())));
    int entrypoint_count = 0;
    ASSERT_EQ(vaQueryConfigEntrypoints(display.get(), profiles[static_cast<size_t>(i)],
                                       entrypoints.data(), &entrypoint_count),
              VA_STATUS_SUCCESS);
    ASSERT_EQ(entrypoint_count, 1);
    EXPECT_EQ(entrypoints[0], VAEntrypointEncSlice);
  }
}

TEST(Driver, tells_of_attributes_that_it_does_not_know) {
  const Display display;
  EXPECT_EQ(attribute(display, VAConfigAttribRTFormat), unsigned{VA_RT_FORMAT_YUV420});
  EXPECT_EQ(attribute(display, VAConfigAttribRateControl),
            unsigned{VA_RC_CQP | VA_RC_CBR | VA_RC_VBR});
  EXPECT_EQ(attribute(display, VAConfigAttribEncPackedHeaders),
            unsigned{VA_ENC_PACKED_HEADER_RAW_DATA});
  EXPECT_EQ(attribute(display, VAConfigAttribEncQualityRange), 7U);
  EXPECT_EQ(attribute(display, VAConfigAttribEncROI), VA_ATTRIB_NOT_SUPPORTED);
  EXPECT_EQ(attribute(display, static_cast<VAConfigAttribType>(63)), VA_ATTRIB_NOT_SUPPORTED);
}

TEST(Config, is_refused_with_the_status_of_what_is_wrong) {
  const Display display;
  EXPECT_EQ(create_config(display, {}, VAProfileHEVCMain), VA_STATUS_ERROR_UNSUPPORTED_PROFILE);
  EXPECT_EQ(create_config(display, {}, VAProfileH264High, VAEntrypointVLD),
            VA_STATUS_ERROR_UNSUPPORTED_ENTRYPOINT);
  EXPECT_EQ(create_config(display, {{VAConfigAttribRTFormat, VA_RT_FORMAT_YUV444}}),
            VA_STATUS_ERROR_UNSUPPORTED_RT_FORMAT);
  EXPECT_EQ(create_config(display, {{VAConfigAttribRateControl, 0x40000000}}),
            VA_STATUS_ERROR_INVALID_VALUE);
  EXPECT_EQ(create_config(display, {{VAConfigAttribRateControl, VA_RC_CBR | VA_RC_VBR}}),
            VA_STATUS_ERROR_INVALID_VALUE);
  EXPECT_EQ(
      create_config(display, {{VAConfigAttribEncPackedHeaders, VA_ENC_PACKED_HEADER_SEQUENCE}}),
      VA_STATUS_ERROR_INVALID_VALUE);
  EXPECT_EQ(create_config(display, {{VAConfigAttribEncROI, 1}}), VA_STATUS_ERROR_INVALID_VALUE);
  EXPECT_EQ(create_config(display, {}), VA_STATUS_SUCCESS);
}

TEST(Config, takes_every_subset_of_the_packed_headers) {
  const Display display(std::string("packed=all"));
  for (uint32_t mask = 0; mask < 32; ++mask)
    EXPECT_EQ(create_config(display, {{VAConfigAttribEncPackedHeaders, mask}}), VA_STATUS_SUCCESS);
}

TEST(Config, without_a_list_of_attributes_that_it_counts_is_refused) {
  const Display display;
  VAConfigID config = 1;
  EXPECT_EQ(
      vaCreateConfig(display.get(), VAProfileH264High, VAEntrypointEncSlice, nullptr, 3, &config),
      VA_STATUS_ERROR_INVALID_PARAMETER);
  EXPECT_EQ(config, VA_INVALID_ID);
}

TEST(Config, tells_its_attributes_even_where_none_were_given) {
  const Display display;
  VAConfigID config = VA_INVALID_ID;
  ASSERT_EQ(
      vaCreateConfig(display.get(), VAProfileH264Main, VAEntrypointEncSlice, nullptr, 0, &config),
      VA_STATUS_SUCCESS);
  std::vector<VAConfigAttrib> attributes(
      static_cast<size_t>(vaMaxNumConfigAttributes(display.get())));
  VAProfile profile = VAProfileNone;
  VAEntrypoint entrypoint = VAEntrypointVLD;
  int count = 0;
  EXPECT_EQ(vaQueryConfigAttributes(display.get(), config, &profile, &entrypoint, attributes.data(),
                                    &count),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(profile, VAProfileH264Main);
  EXPECT_EQ(entrypoint, VAEntrypointEncSlice);
  EXPECT_GT(count, 0);
  EXPECT_EQ(vaDestroyConfig(display.get(), config), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyConfig(display.get(), config), VA_STATUS_ERROR_INVALID_CONFIG);
}

class ContextStatus : public testing::Test {
 protected:
  VAStatus create(VAConfigID config, int width, int height,
                  std::vector<VASurfaceID> targets = {}) const {
    VAContextID context = 77;
    const VAStatus status =
        vaCreateContext(client.display, config, width, height, VA_PROGRESSIVE, targets.data(),
                        static_cast<int>(targets.size()), &context);
    if (status == VA_STATUS_SUCCESS) {
      EXPECT_EQ(vaDestroyContext(client.display, context), VA_STATUS_SUCCESS);
    } else {
      EXPECT_EQ(context, VA_INVALID_ID);
    }
    return status;
  }

  const Display display;
  Client client{display, {}};
};

TEST_F(ContextStatus, says_which_sizes_are_out_of_range) {
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{
           {0, 0}, {8, 8}, {16, 8}, {16385, 16}, {16, 8193}, {-16, 16}})
    EXPECT_EQ(create(client.config, width, height), VA_STATUS_ERROR_RESOLUTION_NOT_SUPPORTED);
  EXPECT_EQ(create(client.config, 16, 16), VA_STATUS_SUCCESS);
  EXPECT_EQ(create(client.config, 8192, 8192), VA_STATUS_SUCCESS);
}

TEST_F(ContextStatus, says_that_the_config_is_none) {
  VAConfigID gone = VA_INVALID_ID;
  ASSERT_EQ(
      vaCreateConfig(client.display, VAProfileH264High, VAEntrypointEncSlice, nullptr, 0, &gone),
      VA_STATUS_SUCCESS);
  ASSERT_EQ(vaDestroyConfig(client.display, gone), VA_STATUS_SUCCESS);
  EXPECT_EQ(create(gone, 64, 64), VA_STATUS_ERROR_INVALID_CONFIG);
  EXPECT_EQ(create(0, 64, 64), VA_STATUS_ERROR_INVALID_CONFIG);
}

TEST_F(ContextStatus, says_that_a_target_is_none) {
  EXPECT_EQ(create(client.config, 64, 64, {client.input, 12345}), VA_STATUS_ERROR_INVALID_SURFACE);
  EXPECT_EQ(create(client.config, 64, 64, {client.input}), VA_STATUS_SUCCESS);
}

TEST_F(ContextStatus, does_not_need_its_config_any_longer) {
  ASSERT_EQ(vaDestroyConfig(client.display, client.config), VA_STATUS_SUCCESS);
  EXPECT_FALSE(client.encode(true).empty());
}

}  // namespace
}  // namespace millrace::softva_test
