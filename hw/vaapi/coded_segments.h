// SPDX-License-Identifier: MIT
// The list of segments that a mapped coded buffer is, checked before a byte is read from it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace::vaapi {

struct CodedBytes {
  size_t size = 0;
  uint8_t average_qp = 0;  ///< 0 where the driver does not say
};

/// Copies the bytes of all segments to the start of `out`. Refused are: no segment, no bytes, a
/// segment that is not inside a buffer of `capacity` bytes, a bad status bit, more bytes than `out`
/// holds, a list that does not end. An empty segment beside others is ordinary.
[[nodiscard]] MILLRACE_API Result<CodedBytes> gather_segments(const VACodedBufferSegment* first,
                                                              size_t capacity,
                                                              std::span<std::byte> out);

}  // namespace millrace::vaapi
