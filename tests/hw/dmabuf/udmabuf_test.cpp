// SPDX-License-Identifier: MIT
#include "hw/dmabuf/udmabuf.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "engine/memory/memfd_allocator.h"

namespace millrace::dmabuf {
namespace {

TEST(DescribeUdmabuf, covers_the_whole_memfd_and_closes_on_exec) {
  const udmabuf_create request = describe_udmabuf(5, 8192);
  EXPECT_EQ(request.memfd, 5U);
  EXPECT_EQ(request.flags, uint32_t{UDMABUF_FLAGS_CLOEXEC});
  EXPECT_EQ(request.offset, 0U);
  EXPECT_EQ(request.size, 8192U);
}

TEST(ParseSizeLimit, counts_in_mebibytes) {
  EXPECT_EQ(parse_size_limit("64"), uint64_t{64} << 20);
  EXPECT_EQ(parse_size_limit("256\n"), uint64_t{256} << 20);
}

TEST(ParseSizeLimit, is_nothing_for_what_is_no_number_of_mebibytes) {
  EXPECT_EQ(parse_size_limit(""), std::nullopt);
  EXPECT_EQ(parse_size_limit("-1"), std::nullopt);
  EXPECT_EQ(parse_size_limit("64 MiB"), std::nullopt);
  EXPECT_EQ(parse_size_limit("18446744073709551615"), std::nullopt);
  EXPECT_EQ(parse_size_limit("99999999999999999999999"), std::nullopt);
}

TEST(WrapMemfd, on_something_else_than_the_device_names_act_and_errno) {
  const UniqueFd memfd = create_sealed_memfd(4096).take();
  const Result<UniqueFd> dmabuf = wrap_memfd(memfd.get(), memfd.get(), 4096);
  ASSERT_FALSE(dmabuf.has_value());
  EXPECT_EQ(dmabuf.error().code, ENOTTY);
  EXPECT_NE(dmabuf.error().what.find("4096 bytes by udmabuf"), std::string::npos);
}

TEST(OpenUdmabuf, opens_or_says_what_would_help) {
  const Result<UniqueFd> device = open_udmabuf();
  if (device) {
    EXPECT_TRUE(*device);
    return;
  }
  const ErrorKind kind = device.error().kind;
  EXPECT_TRUE(kind == ErrorKind::unavailable || kind == ErrorKind::denied);
  EXPECT_NE(device.error().what.find("open /dev/udmabuf"), std::string::npos);
  EXPECT_FALSE(device.error().remedy.empty());
}

}  // namespace
}  // namespace millrace::dmabuf
