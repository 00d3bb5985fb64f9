// SPDX-License-Identifier: MIT
// Proof: does what was observed agree with "these frames were not copied"?
//
// The plan and the ledger are what the engine believes. The three legs look elsewhere and can
// contradict it:
//   identity  the files (device, inode) and pitches that stages and the driver really touched are
//             those of the domain's own pool; the driver read what the last source or TRANSFORM
//             wrote
//   windows   no stage opened a CPU window on frame memory that it had not declared
//   volume    a preloaded witness counted the bytes that library calls read from frame memory
//             outside planned TRANSFORMs: no more than the ledger's copies and 64 KiB a frame
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/unique_fd.h"
#include "engine/format/layout.h"
#include "engine/graph/plan.h"
#include "engine/observe/record.h"

namespace millrace {

struct ProofLegs {
  bool identity = true;
  bool windows = true;
  bool volume = true;
};

enum class LegVerdict : uint8_t { agrees, contradicts, not_observed };

struct LegFinding {
  LegVerdict verdict = LegVerdict::not_observed;
  std::string detail;  ///< what was seen, or why nothing was
};

struct Proof {
  LegFinding identity, windows, volume;

  /// No leg contradicts; legs that saw nothing do not count for either side.
  [[nodiscard]] bool holds() const {
    return identity.verdict != LegVerdict::contradicts &&
           windows.verdict != LegVerdict::contradicts && volume.verdict != LegVerdict::contradicts;
  }
};

struct ProofEvidence {
  std::vector<observe::Record> records;
  uint64_t lost_records = 0;

  /// A buffer for frames: where in its file its visible bytes begin, and its planes from there.
  struct Frame {
    uint64_t base = 0;
    Layout layout;
  };

  /// By pool id and each buffer's file.
  std::map<uint32_t, std::map<FileIdentity, Frame>> pool_files;
  bool host_frames = false;  ///< some frames lie in host memory, which the witness does not know
  std::vector<std::string> stage_names;    ///< by StageId
  std::vector<uint32_t> stage_input_pool;  ///< by StageId; UINT32_MAX: none
  std::vector<uint32_t> stage_output_pool;
  std::vector<uint32_t> undeclared_windows;  ///< by StageId
  std::string driver_log;     ///< text of the driver's identity log; empty: none was asked for
  std::string encoder_stage;  ///< whose input the driver read
  uint64_t frames = 0;        ///< delivered
  uint64_t ledger_copied_bytes = 0;
  bool witness_present = false;
  uint64_t witness_bytes = 0;
};

[[nodiscard]] MILLRACE_API std::string_view to_string(LegVerdict verdict);
[[nodiscard]] MILLRACE_API Proof prove(const Plan& plan, const ProofEvidence& evidence,
                                       const ProofLegs& legs);

}  // namespace millrace
