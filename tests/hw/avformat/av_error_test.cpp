// SPDX-License-Identifier: MIT
#include "hw/avformat/av_error.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace millrace::avformat {
namespace {

Error error_of(int code) {
  Result<> failed = fail_av(ErrorKind::source_lost, "read a.mkv", code, "look");
  return std::move(failed.error());
}

TEST(AvError, takes_no_error_of_libav_for_a_lack_of_rights) {
  for (const int code : {EPERM, EACCES}) {
    EXPECT_EQ(error_of(-code).kind, ErrorKind::source_lost) << code;
  }
}

TEST(AvError, keeps_what_failed_the_text_the_remedy_and_the_code) {
  const Error error = error_of(-EPERM);

  EXPECT_EQ(error.what, "read a.mkv: Operation not permitted");
  EXPECT_EQ(error.remedy, "look");
  EXPECT_EQ(error.code, -EPERM);
}

}  // namespace
}  // namespace millrace::avformat
