// SPDX-License-Identifier: MIT
#include "engine/run/pool_files.h"

namespace millrace {

void PoolFiles::add(uint32_t id, const BufferPool& pool) {
  const std::optional<VideoMeta>& video = pool.config().video;
  const Lock lock(mutex_);
  for (const Ref<Memory>& memory : pool.memories()) {
    files_[id][memory->identity()] = {memory->offset(), video ? video->layout : Layout{}};
    host_frames_ |= video && memory->kind() == MemoryKind::host;
  }
}

std::map<uint32_t, std::map<FileIdentity, ProofEvidence::Frame>> PoolFiles::by_pool() const {
  const Lock lock(mutex_);
  return files_;
}

bool PoolFiles::has_host_frames() const {
  const Lock lock(mutex_);
  return host_frames_;
}

}  // namespace millrace
