// SPDX-License-Identifier: MIT
// MILLRACE_VA_KNOBS: how it is read, and that each knob does what README.md says.
#include <cstdlib>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>
#include <va/va_drmcommon.h>

#include <gtest/gtest.h>

#include "tests/hw/softva/client.h"
#include "tests/hw/softva/decoder.h"
#include "tests/hw/softva/display.h"

namespace millrace::softva_test {
namespace {

uint32_t attribute(const Display& display, VAConfigAttribType type) {
  VAConfigAttrib asked = {type, 0};
  EXPECT_EQ(
      vaGetConfigAttributes(display.get(), VAProfileH264High, VAEntrypointEncSlice, &asked, 1),
      VA_STATUS_SUCCESS);
  return asked.value;
}

TEST(Knobs, show_in_the_vendor_string_while_they_are_active) {
  const Display plain;
  const Display turned(std::string("stride=64,validate=1"));
  EXPECT_EQ(plain.vendor().find("knobs"), std::string::npos);
  EXPECT_NE(turned.vendor().find(" [knobs: stride=64,validate=1]"), std::string::npos);
}

TEST(Knobs, that_are_unknown_or_wrong_make_initialising_fail_with_a_message) {
  for (const auto& [knobs, message] : std::vector<std::pair<std::string, std::string>>{
           {"strid=64", "no knob 'strid'"},
           {"stride", "stride takes 1 to 65536 bytes, not ''"},
           {"stride=0", "not '0'"},
           {"stride=64x", "not '64x'"},
           {"stride=99999999999", "stride takes"},
           {"validate=yes", "validate takes 0 or 1"},
           {"rc=vbr", "rc takes cqp"},
           {"packed=some", "packed takes none, raw or all"},
           {"height=0", "height takes 1 to 4096 rows"},
           {"coded=64", "coded takes WxH"},
           {"coded=64x0", "not '64x0'"},
           {"coded=x64", "not 'x64'"},
           {"own-layout=round", "own-layout takes linear, tiled or lying"},
           {"encoder=h264_vaapi", "encoder takes libx264 or libopenh264"},
           {"stride=64,stride=32", "stride is given twice"},
           {"log=", "log takes a path"},
           {"log=/no/such/folder/x", "open the identity log /no/such/folder/x"},
           {",", "no knob ''"}}) {
    const Display display(knobs);
    EXPECT_NE(display.status(), VA_STATUS_SUCCESS) << knobs;
    EXPECT_NE(display.messages().find(message), std::string::npos) << display.messages();
  }
  EXPECT_EQ(Display().status(), VA_STATUS_SUCCESS);
}

TEST(Knobs, belong_to_one_display) {
  const Display lp(std::string("entrypoint=lp"));
  const Display plain;
  VAEntrypoint entrypoint = VAEntrypointVLD;
  int count = 0;
  ASSERT_EQ(vaQueryConfigEntrypoints(lp.get(), VAProfileH264High, &entrypoint, &count),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(entrypoint, VAEntrypointEncSliceLP);
  ASSERT_EQ(vaQueryConfigEntrypoints(plain.get(), VAProfileH264High, &entrypoint, &count),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(entrypoint, VAEntrypointEncSlice);
  Client client(lp, {.entrypoint = VAEntrypointEncSliceLP});
  EXPECT_FALSE(client.encode(true).empty());
}

TEST(Knobs, change_what_is_advertised) {
  EXPECT_EQ(attribute(Display(std::string("packed=none")), VAConfigAttribEncPackedHeaders), 0U);
  EXPECT_EQ(attribute(Display(std::string("packed=all")), VAConfigAttribEncPackedHeaders), 31U);
  EXPECT_EQ(attribute(Display(std::string("validate=1")), VAConfigAttribEncPackedHeaders), 31U);
  EXPECT_EQ(attribute(Display(std::string("rc=cqp")), VAConfigAttribRateControl),
            unsigned{VA_RC_CQP});
}

TEST(Knobs, can_make_ids_start_at_zero) {
  const Display display(std::string("ids=zero"));
  VASurfaceID surfaces[3] = {};
  ASSERT_EQ(vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 64, 64, surfaces, 3, nullptr, 0),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(surfaces[0], 0U);
  EXPECT_EQ(surfaces[2], 2U);
  EXPECT_EQ(vaDestroySurfaces(display.get(), surfaces, 3), VA_STATUS_SUCCESS);
  Client client(display, {});
  EXPECT_EQ(client.context, 0U);
  EXPECT_EQ(client.coded, 0U);
  EXPECT_FALSE(client.encode(true).empty());
  EXPECT_FALSE(client.encode(false).empty());
}

TEST(Knobs, can_take_sync_buffer_away) {
  const Display display(std::string("sync=unimplemented"));
  Client client(display, {});
  EXPECT_EQ(vaSyncBuffer(client.display, VA_INVALID_ID, 0), VA_STATUS_ERROR_UNIMPLEMENTED);
  EXPECT_FALSE(client.encode(true).empty());
}

TEST(Knobs, can_make_sync_buffer_return_too_early) {
  const Display display(std::string("sync=early"));
  Client client(display, {});
  for (int picture = 0; picture < 2; ++picture) {
    ASSERT_EQ(client.submit(client.next(picture == 0)), VA_STATUS_SUCCESS);
    EXPECT_EQ(vaSyncBuffer(client.display, client.coded, VA_TIMEOUT_INFINITE), VA_STATUS_SUCCESS);
    EXPECT_EQ(client.take().status, VA_STATUS_ERROR_ENCODING_ERROR);
    EXPECT_EQ(vaSyncSurface(client.display, client.input), VA_STATUS_SUCCESS);
    EXPECT_FALSE(client.take().bytes.empty());
  }
}

TEST(Knobs, can_split_the_output_into_units_and_an_empty_tail) {
  const Display display(std::string("segments=split"));
  const Display plain;
  Client client(display, {});
  Client reference(plain, {});
  client.paint(1);
  reference.paint(1);
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  const Coded coded = client.take();
  EXPECT_GE(coded.segment_sizes.size(), 4U);
  EXPECT_EQ(coded.segment_sizes.back(), 0U);
  EXPECT_NE(coded.segment_status & VA_CODED_BUF_STATUS_SINGLE_NALU, 0U);
  EXPECT_EQ(coded.bytes, reference.encode(true));
}

TEST(Knobs, can_add_an_empty_tail_or_a_segment_outside) {
  const Display tail(std::string("segments=tail"));
  Client client(tail, {});
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  const Coded with_tail = client.take();
  EXPECT_EQ(with_tail.segment_sizes, (std::vector<size_t>{with_tail.bytes.size(), 0}));
  const Display outside(std::string("segments=outside"));
  Client other(outside, {});
  ASSERT_EQ(other.submit(other.next(true)), VA_STATUS_SUCCESS);
  const Coded with_outside = other.take();
  ASSERT_EQ(with_outside.segment_sizes.size(), 2U);
  EXPECT_GT(with_outside.segment_sizes[1], size_t{other.stream.coded_bytes});
}

TEST(Knobs, can_mark_every_nth_picture_bad) {
  const Display display(std::string("bad=3"));
  Client client(display, {});
  for (int picture = 1; picture <= 6; ++picture) {
    ASSERT_EQ(client.submit(client.next(picture == 1)), VA_STATUS_SUCCESS);
    EXPECT_EQ((client.take().segment_status & VA_CODED_BUF_STATUS_BAD_BITSTREAM) != 0,
              picture % 3 == 0);
  }
}

TEST(Knobs, can_make_an_overflow_an_error) {
  const Display display(std::string("overflow=error"));
  Client client(display, {.coded_bytes = 64});
  ASSERT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaSyncBuffer(client.display, client.coded, VA_TIMEOUT_INFINITE),
            VA_STATUS_ERROR_ENCODING_ERROR);
  EXPECT_EQ(client.take().status, VA_STATUS_ERROR_ENCODING_ERROR);
}

TEST(Knobs, can_share_one_segment_among_the_buffers_of_a_context) {
  const Display display(std::string("map=shared"));
  Client client(display, {});
  VABufferID second = VA_INVALID_ID;
  ASSERT_EQ(vaCreateBuffer(client.display, client.context, VAEncCodedBufferType, 100'000, 1,
                           nullptr, &second),
            VA_STATUS_SUCCESS);
  void* one = nullptr;
  void* other = nullptr;
  ASSERT_EQ(vaMapBuffer(client.display, client.coded, &one), VA_STATUS_SUCCESS);
  ASSERT_EQ(vaMapBuffer(client.display, second, &other), VA_STATUS_SUCCESS);
  EXPECT_EQ(one, other);
  EXPECT_EQ(vaUnmapBuffer(client.display, client.coded), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaUnmapBuffer(client.display, second), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyBuffer(client.display, second), VA_STATUS_SUCCESS);
}

TEST(Knobs, can_make_one_render_fail) {
  const Display display(std::string("fail-render=2"));
  Client client(display, {});
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.take().status, VA_STATUS_SUCCESS);
  EXPECT_EQ(client.submit(client.next(false)), VA_STATUS_ERROR_OPERATION_FAILED);
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_SUCCESS);
}

TEST(Knobs, can_make_the_encoder_die) {
  const Display display(std::string("fail-at=3"));
  Client client(display, {});
  EXPECT_FALSE(client.encode(true).empty());
  EXPECT_FALSE(client.encode(false).empty());
  ASSERT_EQ(client.submit(client.next(false)), VA_STATUS_SUCCESS);
  EXPECT_EQ(client.take().status, VA_STATUS_ERROR_ENCODING_ERROR);
  EXPECT_EQ(client.submit(client.next(true)), VA_STATUS_ERROR_ENCODING_ERROR);
}

TEST(Knobs, can_forbid_deriving_and_exporting) {
  const Display display(std::string("derive=no,export=no"));
  VASurfaceID surface = VA_INVALID_ID;
  ASSERT_EQ(vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 64, 64, &surface, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
  VAImage image = {};
  EXPECT_EQ(vaDeriveImage(display.get(), surface, &image), VA_STATUS_ERROR_OPERATION_FAILED);
  VADRMPRIMESurfaceDescriptor descriptor = {};
  EXPECT_EQ(vaExportSurfaceHandle(display.get(), surface, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2, 0,
                                  &descriptor),
            VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &surface, 1), VA_STATUS_SUCCESS);
}

TEST(Knobs, set_the_pitch_of_surfaces) {
  const Display display(std::string("stride=64"));
  VASurfaceID surface = VA_INVALID_ID;
  ASSERT_EQ(vaCreateSurfaces(display.get(), VA_RT_FORMAT_YUV420, 322, 182, &surface, 1, nullptr, 0),
            VA_STATUS_SUCCESS);
  VAImage image = {};
  ASSERT_EQ(vaDeriveImage(display.get(), surface, &image), VA_STATUS_SUCCESS);
  EXPECT_EQ(image.pitches[0], 384U);
  EXPECT_EQ(vaDestroyImage(display.get(), image.image_id), VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroySurfaces(display.get(), &surface, 1), VA_STATUS_SUCCESS);
}

TEST(Knobs, ask_for_an_encoder_by_name) {
  const Display x264(std::string("encoder=libx264"));
  EXPECT_EQ(x264.status(), VA_STATUS_SUCCESS);
  const Display openh264(std::string("encoder=libopenh264"));
  if (openh264.status() != VA_STATUS_SUCCESS) {
    EXPECT_NE(openh264.messages().find("libopenh264"), std::string::npos);
    GTEST_SKIP() << "this libavcodec has no libopenh264: only its absence was tested";
  }
  Client client(openh264, {});
  EXPECT_EQ(decode({client.encode(true)}).errors, 0);
}

class IdentityLog : public testing::Test {
 protected:
  IdentityLog() { close(mkstemp(path.data())); }

  ~IdentityLog() override { unlink(path.c_str()); }

  std::vector<std::string> lines() const {
    std::ifstream file(path);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  std::string path = testing::TempDir() + "identityXXXXXX";
};

TEST_F(IdentityLog, names_the_memory_that_the_encoder_read) {
  const Display display("log=" + path);
  Client client(display, {.width = 322, .height = 182});
  VADRMPRIMESurfaceDescriptor descriptor = {};
  ASSERT_EQ(vaExportSurfaceHandle(client.display, client.input,
                                  VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2, 0, &descriptor),
            VA_STATUS_SUCCESS);
  struct stat file = {};
  ASSERT_EQ(fstat(descriptor.objects[0].fd, &file), 0);
  close(descriptor.objects[0].fd);
  client.encode(true);
  client.encode(false);

  const std::string expected = "read " + std::to_string(file.st_dev) + " " +
                               std::to_string(file.st_ino) + " 0 512 98304 512 own";
  EXPECT_EQ(lines(), (std::vector<std::string>{expected, expected}));
}

TEST_F(IdentityLog, tells_a_put_image_from_a_shared_one) {
  const Display display("log=" + path);
  Client client(display, {});
  VAImageFormat format = {};
  format.fourcc = VA_FOURCC_NV12;
  VAImage image = {};
  ASSERT_EQ(vaCreateImage(client.display, &format, 64, 64, &image), VA_STATUS_SUCCESS);
  ASSERT_EQ(vaPutImage(client.display, client.input, image.image_id, 0, 0, 64, 64, 0, 0, 64, 64),
            VA_STATUS_SUCCESS);
  EXPECT_EQ(vaDestroyImage(client.display, image.image_id), VA_STATUS_SUCCESS);
  client.encode(true);
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find(" put"), std::string::npos);
}

}  // namespace
}  // namespace millrace::softva_test
