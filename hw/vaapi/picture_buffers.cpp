// SPDX-License-Identifier: MIT
#include "hw/vaapi/picture_buffers.h"

#include <type_traits>

#include "hw/vaapi/h264_headers.h"

namespace millrace::vaapi {
namespace {

constexpr uint32_t raw_headers = VA_ENC_PACKED_HEADER_MISC | VA_ENC_PACKED_HEADER_RAW_DATA;

}  // namespace

void PictureBuffers::append(const void* content, size_t size) {
  const auto* const first = static_cast<const uint8_t*>(content);
  bytes_.insert(bytes_.end(), first, first + size);
}

void PictureBuffers::open_entry(VABufferType type) {
  entries_.push_back({.type = type, .offset = bytes_.size(), .size = 0});
}

void PictureBuffers::close_entry() {
  entries_.back().size = bytes_.size() - entries_.back().offset;
}

template <class T>
void PictureBuffers::add(VABufferType type, const T& content) {
  static_assert(std::is_trivially_copyable_v<T>);
  open_entry(type);
  append(&content, sizeof content);
  close_entry();
}

template <class T>
void PictureBuffers::add_misc(VAEncMiscParameterType type, const T& content) {
  static_assert(std::is_trivially_copyable_v<T>);
  open_entry(VAEncMiscParameterBufferType);
  append(&type, sizeof type);  // VAEncMiscParameterBuffer: the type, then the struct
  append(&content, sizeof content);
  close_entry();
}

void PictureBuffers::add_packed(uint32_t type, const NalUnit& nal) {
  VAEncPackedHeaderParameterBuffer header{};
  header.type = type;
  header.bit_length = nal.bit_length;
  header.has_emulation_bytes = 1;
  add(VAEncPackedHeaderParameterBufferType, header);
  open_entry(VAEncPackedHeaderDataBufferType);
  append(nal.bytes.data(), nal.bytes.size());
  close_entry();
}

void PictureBuffers::add_misc_buffers(const PictureDescription& description) {
  const bool idr = description.picture.idr;
  if (!idr && !description.rate_changed) return;
  if (description.rate.has_bitrate()) {
    add_misc(VAEncMiscParameterTypeRateControl, rate_control_parameters(description.rate));
    add_misc(VAEncMiscParameterTypeHRD, hrd_parameters(description.rate));
  }
  add_misc(VAEncMiscParameterTypeFrameRate, frame_rate_parameters(description.stream.frame_rate));
  if (idr && description.quality_level) {
    VAEncMiscParameterBufferQualityLevel quality{};
    quality.quality_level = *description.quality_level;
    add_misc(VAEncMiscParameterTypeQualityLevel, quality);
  }
}

void PictureBuffers::add_stream_headers(const PictureDescription& description) {
  if ((description.packed_headers & VA_ENC_PACKED_HEADER_SEQUENCE) != 0) {
    add_packed(VAEncPackedHeaderSequence, packed_sequence_parameter_set(description.stream));
  }
  if ((description.packed_headers & VA_ENC_PACKED_HEADER_PICTURE) != 0) {
    add_packed(VAEncPackedHeaderPicture, packed_picture_parameter_set(description.stream));
  }
  if ((description.packed_headers & raw_headers) != 0 && !description.user_data.empty()) {
    add_packed(VAEncPackedHeaderRawData, packed_user_data(description.user_data));
  }
}

void PictureBuffers::describe(const PictureDescription& description) {
  entries_.clear();
  bytes_.clear();
  const bool idr = description.picture.idr;
  if (idr) add(VAEncSequenceParameterBufferType, sequence_parameters(description.stream));
  add(VAEncPictureParameterBufferType,
      picture_parameters(description.stream, description.picture, description.targets));
  add_misc_buffers(description);
  if (description.access_unit_delimiter && (description.packed_headers & raw_headers) != 0) {
    add_packed(VAEncPackedHeaderRawData, packed_access_unit_delimiter(idr));
  }
  if (idr) add_stream_headers(description);
  if ((description.packed_headers & VA_ENC_PACKED_HEADER_SLICE) != 0) {
    add_packed(VAEncPackedHeaderSlice,
               packed_slice_header(description.stream, description.picture));
  }
  add(VAEncSliceParameterBufferType,
      slice_parameters(description.stream, description.picture, description.targets));
}

}  // namespace millrace::vaapi
