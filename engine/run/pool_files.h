// SPDX-License-Identifier: MIT
// PoolFiles: the files that the frames of each pool lie in, also of pools that took a planned one's
// place while the run went on. What the proof holds against what was touched.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>

#include "engine/base/mutex.h"
#include "engine/memory/pool.h"
#include "engine/run/proof.h"

namespace millrace {

class PoolFiles {
 public:
  /// Notes every buffer of `pool`, of which none is lent yet, as one of plan pool `id`.
  void add(uint32_t id, const BufferPool& pool);

  [[nodiscard]] std::map<uint32_t, std::map<FileIdentity, ProofEvidence::Frame>> by_pool() const;

  /// Some frames lie in host memory, behind which there is no file.
  [[nodiscard]] bool has_host_frames() const;

 private:
  mutable Mutex mutex_;
  std::map<uint32_t, std::map<FileIdentity, ProofEvidence::Frame>> files_
      MILLRACE_GUARDED_BY(mutex_);
  bool host_frames_ MILLRACE_GUARDED_BY(mutex_) = false;
};

}  // namespace millrace
