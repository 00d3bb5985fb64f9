// SPDX-License-Identifier: MIT
#include "engine/memory/pool_hooks.h"

namespace millrace {
namespace {

/// Only pointed to where that can be: then copies of the buffer need not copy it either.
Result<> attach(const VideoMeta& video, Buffer& buffer) {
  if (const auto checked = CheckedVideoMeta::create(video)) {
    MILLRACE_TRY(buffer.add(*checked));
  } else {
    MILLRACE_TRY(buffer.add(video));
  }
  return {};
}

}  // namespace

Result<PoolAnswer> PoolHooks::review(const PoolConfig& wanted) {
  return check_config(wanted);
}

Result<Ref<Buffer>> PoolHooks::allocate(const PoolConfig& config) {
  const Ref<Memory> memory = MILLRACE_TRY(config.allocator->allocate(config.size, config.params));
  Ref<Buffer> buffer = MILLRACE_TRY(Buffer::create(memory));
  if (config.video && config.options.video_meta) MILLRACE_TRY(attach(*config.video, *buffer));
  return buffer;
}

}  // namespace millrace
