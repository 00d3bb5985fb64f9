// SPDX-License-Identifier: MIT
#include "hw/x11/connection_error.h"

#include <set>

#include <gtest/gtest.h>
#include <xcb/xcb.h>

namespace millrace::x11 {
namespace {

TEST(ConnectError, tells_each_reason_apart) {
  std::set<std::string> reasons;
  for (int code = XCB_CONN_ERROR; code <= XCB_CONN_CLOSED_FDPASSING_FAILED; ++code) {
    if (code == XCB_CONN_CLOSED_REQ_LEN_EXCEED) continue;  // of a connection that there was
    const Error error = connect_error(":96", code);
    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_FALSE(error.remedy.empty()) << code;
    reasons.insert(error.what);
  }
  EXPECT_EQ(reasons.size(), 6U);
}

TEST(ConnectError, puts_the_colon_before_a_mere_number) {
  const Error error = connect_error("96", XCB_CONN_CLOSED_PARSE_ERR);
  EXPECT_NE(error.remedy.find("x11::96"), std::string::npos) << error.remedy;
}

TEST(ConnectError, cuts_a_long_name_and_shows_no_control_character) {
  const std::string what =
      connect_error("\x1b" + std::string(1000, 'x'), XCB_CONN_CLOSED_PARSE_ERR).what;
  EXPECT_LT(what.size(), 200U);
  EXPECT_EQ(what.find('\x1b'), std::string::npos);
}

TEST(LostError, says_why_the_connection_ended) {
  EXPECT_EQ(lost_error(":0", XCB_CONN_ERROR).kind, ErrorKind::source_lost);
  EXPECT_NE(lost_error(":0", XCB_CONN_CLOSED_FDPASSING_FAILED).what,
            lost_error(":0", XCB_CONN_ERROR).what);
}

}  // namespace
}  // namespace millrace::x11
