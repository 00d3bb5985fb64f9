// SPDX-License-Identifier: MIT
#include "engine/observe/ledger.h"

#include <thread>

#include <gtest/gtest.h>

namespace millrace::observe {
namespace {

TEST(Ledger, an_account_adds_up_what_is_booked) {
  Ledger ledger;
  Ledger::Account& account = ledger.open(MoveKind::copy, "a.out -> b.in", "stride 322", "cpu");
  account.book(100);
  account.book(50);
  EXPECT_EQ(account.bytes(), 150U);
  EXPECT_EQ(account.moves(), 2U);
  EXPECT_EQ(account.where(), "a.out -> b.in");
  EXPECT_EQ(account.cause(), "stride 322");
  EXPECT_EQ(account.engine(), "cpu");
}

TEST(Ledger, sums_each_kind_apart) {
  Ledger ledger;
  ledger.open(MoveKind::copy, "a", "x", "cpu").book(1);
  ledger.open(MoveKind::copy, "b", "x", "cpu").book(2);
  ledger.open(MoveKind::fill, "c", "x", "cpu").book(4);
  ledger.open(MoveKind::transform, "d", "x", "libyuv").book(8);
  EXPECT_EQ(ledger.bytes(MoveKind::copy), 3U);
  EXPECT_EQ(ledger.moves(MoveKind::copy), 2U);
  EXPECT_EQ(ledger.bytes(MoveKind::fill), 4U);
  EXPECT_EQ(ledger.bytes(MoveKind::transform), 8U);
  EXPECT_EQ(ledger.bytes(MoveKind::inherent), 0U);
}

TEST(Ledger, accounts_stay_where_they_are_while_others_are_opened) {
  Ledger ledger;
  Ledger::Account& first = ledger.open(MoveKind::copy, "first", "x", "cpu");
  for (int i = 0; i < 1000; ++i) static_cast<void>(ledger.open(MoveKind::fill, "more", "x", "cpu"));
  first.book(7);
  EXPECT_EQ(ledger.accounts().size(), 1001U);
  EXPECT_EQ(ledger.accounts().front(), &first);
  EXPECT_EQ(ledger.bytes(MoveKind::copy), 7U);
}

TEST(Ledger, threads_book_without_losing_a_byte) {
  Ledger ledger;
  Ledger::Account& account = ledger.open(MoveKind::copy, "a", "x", "cpu");
  const auto book = [&account] {
    for (int i = 0; i < 1000; ++i) account.book(3);
  };
  {
    const std::jthread one(book);
    const std::jthread two(book);
  }
  EXPECT_EQ(account.bytes(), 6000U);
  EXPECT_EQ(account.moves(), 2000U);
}

}  // namespace
}  // namespace millrace::observe
