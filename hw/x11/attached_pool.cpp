// SPDX-License-Identifier: MIT
#include "hw/x11/attached_pool.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace millrace::x11 {

Result<std::unique_ptr<AttachedPool>> AttachedPool::create(Connection& connection,
                                                           Ref<BufferPool> pool) {
  std::unique_ptr<AttachedPool> made(new AttachedPool(connection, std::move(pool)));
  for (const Ref<Memory>& memory : made->pool_->memories()) {
    MILLRACE_TRY(made->attach(memory));
  }
  return made;
}

AttachedPool::~AttachedPool() {
  for (const Segment& segment : segments_) xcb_shm_detach(connection_.wire(), segment.id);
  xcb_flush(connection_.wire());
}

Result<> AttachedPool::attach(const Ref<Memory>& memory) {
  UniqueFd fd(::fcntl(memory->fd(), F_DUPFD_CLOEXEC, 0));
  if (!fd) return fail_errno("duplicate a buffer's descriptor for the X server", errno);
  const xcb_shm_seg_t id = xcb_generate_id(connection_.wire());
  // libxcb closes the descriptor when it is sent, and also when it cannot be.
  const xcb_void_cookie_t sent = xcb_shm_attach_fd_checked(connection_.wire(), id, fd.release(), 0);
  MILLRACE_TRY(connection_.check(sent, "attach a buffer's memory to the X server"));
  segments_.push_back({memory, id});
  return {};
}

std::optional<xcb_shm_seg_t> AttachedPool::segment_of(const Memory& memory) const {
  const auto found = std::ranges::find_if(
      segments_, [&](const Segment& segment) { return segment.memory.get() == &memory; });
  if (found == segments_.end()) return std::nullopt;
  return found->id;
}

}  // namespace millrace::x11
