// SPDX-License-Identifier: MIT
// Summary: what a run did, from the same plan and ledger that everything else reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/ending.h"
#include "engine/base/result.h"
#include "engine/graph/plan.h"
#include "engine/observe/ledger.h"
#include "engine/run/proof.h"
#include "engine/run/snapshot.h"
#include "hw/vaapi/encode_stage.h"

namespace millrace::app {

/// What the process has used up so far.
struct ProcessUse {
  double cpu_seconds = 0;  ///< user and system time of all threads
  uint64_t peak_rss_bytes = 0;
};

[[nodiscard]] ProcessUse process_use();

/// Borrows what it shows.
struct Summary {
  std::string source;
  std::string source_detail;  ///< what that is here: "screen 1920x1080 of :0"; may be empty
  std::string output;
  std::string output_detail{};  ///< of a device: what it is, takes, and how; empty for files
  uint64_t output_bytes = 0;
  const Plan& plan;
  const observe::Ledger& ledger;
  const vaapi::EncoderFacts* encoder = nullptr;  ///< null where raw frames are put out
  RunSnapshot run;
  ProcessUse use;
  EndReason ended = EndReason::source_ended;
  std::optional<Result<>> on_saved;  ///< how the user's command went, where it was run
  std::vector<std::string> remarks;
  std::optional<Proof> proof;
  std::optional<Error> error;  ///< what ended the run before its end
};

/// One JSON object; additions only, SI base units unless the name says otherwise.
[[nodiscard]] std::string summary_json(const Summary& summary);

/// For people, several lines.
[[nodiscard]] std::string summary_text(const Summary& summary);

/// Copies, or transforms, of each frame that the source handed out.
[[nodiscard]] double moves_per_frame(const observe::Ledger& ledger, observe::MoveKind kind,
                                     uint64_t frames);

}  // namespace millrace::app
