// SPDX-License-Identifier: MIT
#include "engine/observe/ledger.h"

namespace millrace::observe {

Ledger::Account& Ledger::open(MoveKind kind, std::string where, std::string cause,
                              std::string engine) {
  const Lock lock(mutex_);
  return accounts_.emplace_back(kind, std::move(where), std::move(cause), std::move(engine));
}

std::vector<const Ledger::Account*> Ledger::accounts() const {
  const Lock lock(mutex_);
  std::vector<const Account*> all;
  for (const Account& account : accounts_) all.push_back(&account);
  return all;
}

uint64_t Ledger::bytes(MoveKind kind) const {
  uint64_t total = 0;
  for (const Account* account : accounts()) {
    if (account->kind() == kind) total += account->bytes();
  }
  return total;
}

uint64_t Ledger::moves(MoveKind kind) const {
  uint64_t total = 0;
  for (const Account* account : accounts()) {
    if (account->kind() == kind) total += account->moves();
  }
  return total;
}

}  // namespace millrace::observe
