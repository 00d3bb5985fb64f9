// SPDX-License-Identifier: MIT
#include "app/units.h"

#include <gtest/gtest.h>

#include "tests/app/expect_result.h"

namespace millrace::app {
namespace {

using namespace std::chrono_literals;

TEST(Units, read_durations_with_their_units) {
  EXPECT_EQ(value_of(parse_duration("5s")), 5s);
  EXPECT_EQ(value_of(parse_duration("500ms")), 500ms);
  EXPECT_EQ(value_of(parse_duration("1.5min")), 90s);
  EXPECT_EQ(value_of(parse_duration("0.25s")), 250ms);
  EXPECT_EQ(value_of(parse_duration("2h")), 2h);
  EXPECT_EQ(value_of(parse_duration("250us")), 250us);
  EXPECT_EQ(value_of(parse_duration("7ns")), 7ns);
  EXPECT_EQ(value_of(parse_duration("1000h")), 1000h);
}

TEST(Units, refuse_durations_that_are_none) {
  for (const char* text : {"", "5", "s", "-5s", "5 s", "5sec", "1e3s", "0s", "0.0000000001s",
                           "1001h", "99999999999999999999h", "1..5s", ".s", "5s ", "nan"}) {
    EXPECT_EQ(error_of(parse_duration(text)).kind, ErrorKind::usage) << text;
  }
  EXPECT_HAS(error_of(parse_duration("5")).what, "the unit is missing");
  EXPECT_HAS(error_of(parse_duration("5sec")).what, "\"sec\" is no unit of time");
}

TEST(Units, read_sizes) {
  EXPECT_EQ(value_of(parse_size("1920x1080")), (Size{1920, 1080}));
  EXPECT_EQ(value_of(parse_size("1X1")), (Size{1, 1}));
  EXPECT_EQ(value_of(parse_size("16384x16384")), (Size{16384, 16384}));
}

TEST(Units, refuse_sizes_with_the_numbers) {
  EXPECT_HAS(error_of(parse_size("0x0")).what, "at least 1");
  EXPECT_HAS(error_of(parse_size("100000x100000")).what, "100000x100000 is beyond it");
  EXPECT_HAS(error_of(parse_size("100000x100000")).what, "16384x16384");
  for (const char* text : {"", "x", "1x", "x1", "1920", "1920*1080", "-1x1", "1x1x1", "1.5x2",
                           "18446744073709551616x1", " 1x1", "1x0", "16385x1"}) {
    EXPECT_EQ(error_of(parse_size(text)).kind, ErrorKind::usage) << text;
  }
}

TEST(Units, read_rates_exactly) {
  EXPECT_EQ(value_of(parse_rate("30")), (Fraction{30, 1}));
  EXPECT_EQ(value_of(parse_rate("30000/1001")), (Fraction{30000, 1001}));
  EXPECT_EQ(value_of(parse_rate("60/2")), (Fraction{30, 1}));
  EXPECT_EQ(value_of(parse_rate("12.5")), (Fraction{25, 2}));
  EXPECT_EQ(value_of(parse_rate("0.1")), (Fraction{1, 10}));
  EXPECT_EQ(value_of(parse_rate("1/1000")), (Fraction{1, 1000}));
  EXPECT_EQ(error_of(parse_rate("1/1001")).kind, ErrorKind::usage);
}

TEST(Units, read_the_short_forms_of_ntsc_rates) {
  EXPECT_EQ(value_of(parse_rate("59.94")), (Fraction{60000, 1001}));
  EXPECT_EQ(value_of(parse_rate("29.97")), (Fraction{30000, 1001}));
  EXPECT_EQ(value_of(parse_rate("23.976")), (Fraction{24000, 1001}));
}

TEST(Units, refuse_rates_that_are_none) {
  for (const char* text :
       {"", "0", "0/1", "30/0", "0/0", "-30", "1001", "1/", "/1", "30fps", "1/2/3",
        "18446744073709551615/3", "0.00000000000000000001", "4294967296/5"}) {
    EXPECT_EQ(error_of(parse_rate(text)).kind, ErrorKind::usage) << text;
  }
}

TEST(Units, say_what_is_wrong_with_a_rate_and_the_limits) {
  EXPECT_HAS(error_of(parse_rate("1/0")).what, "its denominator is 0");
  EXPECT_HAS(error_of(parse_rate("1/0")).what, "rates are 1/1000 to 1000 frames a second");
  EXPECT_HAS(error_of(parse_rate("0/1")).what, "more than 0");
  EXPECT_HAS(error_of(parse_rate("-30")).what, "more than 0");
  for (const char* text : {"1/1001", "1e-12", "0.00000000000000000001", "1/18446744073709551615"}) {
    EXPECT_HAS(error_of(parse_rate(text)).what, "it is too small");
  }
  for (const char* text : {"1001", "1e+16", "1000.001", "18446744073709551615/3"}) {
    EXPECT_HAS(error_of(parse_rate(text)).what, "it is too large");
  }
  EXPECT_HAS(error_of(parse_rate("29.97000000001")).what, "beyond 2147483647");
  EXPECT_HAS(error_of(parse_rate("nan")).what, "no number");
}

TEST(Units, read_bit_rates) {
  EXPECT_EQ(value_of(parse_bitrate("8M")), 8'000'000U);
  EXPECT_EQ(value_of(parse_bitrate("500k")), 500'000U);
  EXPECT_EQ(value_of(parse_bitrate("2.5M")), 2'500'000U);
  EXPECT_EQ(value_of(parse_bitrate("128000")), 128'000U);
  EXPECT_EQ(value_of(parse_bitrate("4.294967295G")), 4'294'967'295U);
}

TEST(Units, refuse_bit_rates_that_do_not_fit) {
  for (const char* text : {"", "8m", "8Mb", "0", "999", "5G", "4294967296", "-8M", "M",
                           "99999999999999999999999M", "1.9999999999999999999M "}) {
    EXPECT_EQ(error_of(parse_bitrate(text)).kind, ErrorKind::usage) << text;
  }
}

TEST(Units, read_numbers_of_bytes) {
  EXPECT_EQ(value_of(parse_bytes("256MiB")), 256ULL << 20);
  EXPECT_EQ(value_of(parse_bytes("1.5GiB")), 3ULL << 29);
  EXPECT_EQ(value_of(parse_bytes("256M")), 256ULL << 20);
  EXPECT_EQ(value_of(parse_bytes("256m")), 256ULL << 20);
  EXPECT_EQ(value_of(parse_bytes("1KB")), 1000U);
  EXPECT_EQ(value_of(parse_bytes("500MB")), 500'000'000U);
  EXPECT_EQ(value_of(parse_bytes("0")), 0U);
  EXPECT_EQ(value_of(parse_bytes("4096")), 4096U);
  EXPECT_EQ(value_of(parse_bytes("0.5B")), 0U);
  EXPECT_EQ(value_of(parse_bytes("1048576TiB")), 1ULL << 60);
}

TEST(Units, refuse_numbers_of_bytes_that_do_not_fit) {
  for (const char* text :
       {"", " ", "-1", "-1MiB", "1 MiB", "1X", "1mib", "MiB", "0x10", "1e9", "1048577TiB",
        "18446744073709551616", "99999999999999999999TiB", "1.5.5MiB", "256MiB ", "nan", "inf"}) {
    const Error error = error_of(parse_bytes(text));
    EXPECT_EQ(error.kind, ErrorKind::usage) << text;
    EXPECT_HAS(error.remedy, "256MiB");
  }
}

TEST(Units, show_numbers_of_bytes_with_their_unit) {
  EXPECT_EQ(bytes_text(0), "0 bytes");
  EXPECT_EQ(bytes_text(1023), "1023 bytes");
  EXPECT_EQ(bytes_text(256ULL << 20), "256 MiB");
  EXPECT_EQ(bytes_text(3ULL << 29), "1.5 GiB");
  EXPECT_EQ(bytes_text(UINT64_MAX), "16777216 TiB");
}

TEST(Units, refuse_counts_out_of_range_with_the_range) {
  EXPECT_EQ(value_of(parse_count("51", 1, 51)), 51U);
  EXPECT_HAS(error_of(parse_count("52", 1, 51)).remedy, "from 1 to 51");
  EXPECT_EQ(error_of(parse_count("-1", 0, 51)).kind, ErrorKind::usage);
  EXPECT_EQ(error_of(parse_count("18446744073709551616", 0, UINT64_MAX)).kind, ErrorKind::usage);
}

uint32_t frames_at(const char* keyint, Fraction rate) {
  return value_of(frames_of(value_of(parse_keyint(keyint)), rate));
}

TEST(Units, count_key_frame_distances_in_frames) {
  EXPECT_EQ(frames_at("60", {30, 1}), 60U);
  EXPECT_EQ(frames_at("2s", {30, 1}), 60U);
  EXPECT_EQ(frames_at("2s", {60000, 1001}), 120U);
  EXPECT_EQ(frames_at("1ms", {30, 1}), 1U);
  EXPECT_EQ(frames_at("100s", {1000, 1}), 100'000U);
  EXPECT_EQ(frames_at("1000h", {1, 1000}), 3600U);
}

TEST(Units, refuse_key_frame_distances_out_of_range_at_their_rate) {
  EXPECT_EQ(error_of(parse_keyint("0")).kind, ErrorKind::usage);
  EXPECT_EQ(error_of(parse_keyint("100001")).kind, ErrorKind::usage);
  EXPECT_HAS(error_of(frames_of(value_of(parse_keyint("1h")), {60, 1})).what,
             "at 60 frames a second it is 216000 frames");
}

}  // namespace
}  // namespace millrace::app
