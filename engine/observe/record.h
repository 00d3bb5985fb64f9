// SPDX-License-Identifier: MIT
// Record: one fact about a running pipeline, of fixed size, as every observer reads it: the proof,
// the summary, later the dashboard and the session file.
//
// A record says what happened (`type`), where (`stage`: the id that the plan gives each stage) and
// when; the meaning of `subject` and `value` is listed with each type. Ids and meanings are
// versioned: a type never changes its meaning, a new meaning takes a new id.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

namespace millrace::observe {

inline constexpr uint16_t record_version = 1;

using StageId = uint16_t;
inline constexpr StageId no_stage = 0xffff;

enum class RecordType : uint16_t {
  cpu_window = 1,  ///< the CPU may touch a memory: subject = memory id, value[0] = 1 read, 2 write
  frame_read = 2,  ///< a stage was handed a frame: subject = frame number, value = identity below
  frame_written = 3,  ///< a stage handed a frame on; the same values
  copy = 4,           ///< bytes moved by the copy engine: subject = edge id, value[0] = bytes
  fill = 5,           ///< a source's first write: value[0] = bytes
  transform = 6,      ///< a conversion's write: value[0] = bytes
};

/// Identity of the memory behind a frame in `value`: [0] device, [1] inode, [2] offset of plane 0
/// in the file, [3] stride of plane 0. Memory without a file has device 0 and its address as inode.
struct Record {
  uint16_t version = record_version;
  RecordType type{};
  StageId stage = no_stage;
  uint16_t port = 0;
  uint64_t time_ns = 0;  ///< CLOCK_MONOTONIC; 0 where nobody asked for times
  uint64_t subject = 0;
  std::array<uint64_t, 4> value{};
};

static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) == 56);

}  // namespace millrace::observe
