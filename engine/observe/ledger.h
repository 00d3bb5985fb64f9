// SPDX-License-Identifier: MIT
// Ledger: every move of frame bytes, booked where it happens: copies by edge and cause, fills,
// transforms, and the copies inside libraries and servers that nobody here can avoid (inherent).
//
// Thread-safe. Accounts are opened before the pipeline runs, or where a frame's way changes;
// booking adds to counters only.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/mutex.h"

namespace millrace::observe {

enum class MoveKind : uint8_t {
  copy,       ///< frame bytes moved unchanged
  fill,       ///< a source's first write
  transform,  ///< a conversion's write
  inherent,   ///< inside a library, driver or server
};

class MILLRACE_API Ledger {
 public:
  /// Where bytes are booked. Stays valid as long as the Ledger.
  class MILLRACE_API Account {
   public:
    Account(MoveKind kind, std::string where, std::string cause, std::string engine)
        : kind_(kind),
          where_(std::move(where)),
          cause_(std::move(cause)),
          engine_(std::move(engine)) {}

    void book(uint64_t bytes) noexcept {
      bytes_.fetch_add(bytes, std::memory_order_relaxed);
      moves_.fetch_add(1, std::memory_order_relaxed);
    }

    [[nodiscard]] MoveKind kind() const { return kind_; }

    [[nodiscard]] const std::string& where() const { return where_; }

    [[nodiscard]] const std::string& cause() const { return cause_; }

    [[nodiscard]] const std::string& engine() const { return engine_; }

    [[nodiscard]] uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

    [[nodiscard]] uint64_t moves() const { return moves_.load(std::memory_order_relaxed); }

   private:
    MoveKind kind_;
    std::string where_;   ///< the edge ("source.out -> encode.in") or the stage
    std::string cause_;   ///< "stride 322 against 256"
    std::string engine_;  ///< what moves: "cpu", "libyuv", "libx264"
    std::atomic<uint64_t> bytes_{0};
    std::atomic<uint64_t> moves_{0};
  };

  [[nodiscard]] Account& open(MoveKind kind, std::string where, std::string cause,
                              std::string engine);

  /// All accounts in the order of opening.
  [[nodiscard]] std::vector<const Account*> accounts() const;

  /// Sum over the accounts of one kind.
  [[nodiscard]] uint64_t bytes(MoveKind kind) const;
  [[nodiscard]] uint64_t moves(MoveKind kind) const;

 private:
  mutable Mutex mutex_;
  std::deque<Account> accounts_ MILLRACE_GUARDED_BY(mutex_);
};

}  // namespace millrace::observe
