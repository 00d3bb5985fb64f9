// SPDX-License-Identifier: MIT
// AttachedPool: a pool whose buffers the X server may write.
//
// Each memory's file is given to the server by a duplicate of its descriptor, once, when the pool
// comes; nothing is attached while frames move. The server maps the file for itself.
// https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/shmproto.txt
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <xcb/shm.h>

#include "engine/memory/pool.h"
#include "hw/x11/connection.h"

namespace millrace::x11 {

class AttachedPool {
 public:
  /// No buffer of the pool is lent. `connection` outlives the result.
  [[nodiscard]] static Result<std::unique_ptr<AttachedPool>> create(Connection& connection,
                                                                    Ref<BufferPool> pool);
  ~AttachedPool();  ///< detaches; lent buffers stay as they are
  AttachedPool(const AttachedPool&) = delete;
  AttachedPool& operator=(const AttachedPool&) = delete;

  [[nodiscard]] BufferPool& pool() const { return *pool_; }

  /// The server's name of a memory of this pool.
  [[nodiscard]] std::optional<xcb_shm_seg_t> segment_of(const Memory& memory) const;

 private:
  struct Segment {
    Ref<Memory> memory;  ///< alive, lest that of a new buffer gets its address
    xcb_shm_seg_t id;
  };

  AttachedPool(Connection& connection, Ref<BufferPool> pool)
      : connection_(connection), pool_(std::move(pool)) {}

  [[nodiscard]] Result<> attach(const Ref<Memory>& memory);

  Connection& connection_;
  Ref<BufferPool> pool_;
  std::vector<Segment> segments_;
};

}  // namespace millrace::x11
