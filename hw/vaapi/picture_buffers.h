// SPDX-License-Identifier: MIT
// The contents of one vaRenderPicture call, in the order that all drivers can live with. Pure.
//
//   sequence, picture, misc (rate control, HRD, frame rate, quality), packed AUD, SPS, PPS, SEI,
//   packed slice header, slice
//
// Each neighbour matters. Sequence before misc: iHD's and Mesa's sequence handlers overwrite rates.
// Picture before misc: iHD clears picture fields that misc buffers set. Rate control before HRD:
// Mesa's rate control overwrites the buffer size. AUD first of the packed ones: drivers emit them
// in this order. What belongs to the stream goes with every IDR and with nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <va/va.h>

#include "engine/base/export.h"
#include "hw/vaapi/bit_writer.h"
#include "hw/vaapi/h264_params.h"

namespace millrace::vaapi {

struct PictureDescription {
  const H264Stream& stream;
  const H264Picture& picture;
  const PictureTargets& targets;
  const RateControl& rate;
  bool rate_changed = false;  ///< send rate control although this is no IDR
  uint32_t packed_headers = 0;
  std::optional<uint32_t> quality_level;
  bool access_unit_delimiter = false;
  std::string_view user_data;
};

/// Confined. Kept from picture to picture, so that its storage is allocated once.
class MILLRACE_API PictureBuffers {
 public:
  struct Entry {
    VABufferType type;
    size_t offset;
    size_t size;
  };

  /// Forgets the last picture and describes this one.
  void describe(const PictureDescription& description);

  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }

  [[nodiscard]] std::span<const uint8_t> content(const Entry& entry) const {
    return std::span<const uint8_t>(bytes_).subspan(entry.offset, entry.size);
  }

 private:
  template <class T>
  void add(VABufferType type, const T& content);
  template <class T>
  void add_misc(VAEncMiscParameterType type, const T& content);
  void add_packed(uint32_t type, const NalUnit& nal);
  void append(const void* content, size_t size);
  void open_entry(VABufferType type);
  void close_entry();
  void add_misc_buffers(const PictureDescription& description);
  void add_stream_headers(const PictureDescription& description);

  std::vector<Entry> entries_;
  std::vector<uint8_t> bytes_;
};

}  // namespace millrace::vaapi
