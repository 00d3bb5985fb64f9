// SPDX-License-Identifier: MIT
#include "hw/softva/picture.h"

#include <cstring>
#include <span>
#include <string>

#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

/// A copy of the struct that `bytes` start with.
template <class Struct>
Result<Struct> read_struct(std::span<const uint8_t> bytes, const char* name) {
  if (bytes.size() < sizeof(Struct))
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  std::string("render: the ") + name + " buffer has " +
                      std::to_string(bytes.size()) + " bytes, its struct " +
                      std::to_string(sizeof(Struct)));
  Struct value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Result<> check_roi(std::span<const uint8_t> bytes) {
  const auto roi = MILLRACE_TRY(read_struct<VAEncMiscParameterBufferROI>(bytes, "ROI"));
  if (roi.num_roi > 0 && roi.roi == nullptr)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "render: ROI regions behind a null pointer");
  return {};
}

Result<> take_misc(StreamParameters& stream, std::span<const uint8_t> bytes) {
  constexpr size_t header = offsetof(VAEncMiscParameterBuffer, data);
  if (bytes.size() < header)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "render: a misc buffer without a type");
  uint32_t type = 0;
  std::memcpy(&type, bytes.data(), sizeof type);
  const std::span<const uint8_t> body = bytes.subspan(header);
  switch (type) {
    case VAEncMiscParameterTypeRateControl:
      stream.rate = MILLRACE_TRY(read_struct<VAEncMiscParameterRateControl>(body, "rate control"));
      return {};
    case VAEncMiscParameterTypeHRD:
      stream.hrd = MILLRACE_TRY(read_struct<VAEncMiscParameterHRD>(body, "HRD"));
      return {};
    case VAEncMiscParameterTypeFrameRate:
      stream.frame_rate =
          MILLRACE_TRY(read_struct<VAEncMiscParameterFrameRate>(body, "frame rate")).framerate;
      return {};
    case VAEncMiscParameterTypeQualityLevel:
      stream.quality =
          MILLRACE_TRY(read_struct<VAEncMiscParameterBufferQualityLevel>(body, "quality level"))
              .quality_level;
      return {};
    case VAEncMiscParameterTypeROI:
      return check_roi(body);
    default:
      return {};
  }
}

Result<> take_slices(Picture& picture, const DataBuffer& buffer) {
  using Slice = VAEncSliceParameterBufferH264;
  for (size_t i = 0; i < buffer.elements(); ++i) {
    const auto bytes = buffer.bytes().subspan(i * buffer.element_bytes(), buffer.element_bytes());
    picture.slices.push_back(MILLRACE_TRY(read_struct<Slice>(bytes, "slice")));
  }
  return {};
}

Result<> take_packed_data(Picture& picture, std::span<const uint8_t> bytes) {
  if (!picture.packed_to_come)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "render: packed header data without its parameter buffer before it");
  PackedHeader header;
  header.type = picture.packed_to_come->type;
  header.bit_length = picture.packed_to_come->bit_length;
  header.has_emulation_bytes = picture.packed_to_come->has_emulation_bytes != 0;
  picture.packed_to_come.reset();
  const size_t needed = (size_t{header.bit_length} + 7) / 8;
  if (needed > bytes.size())
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "render: a packed header of " + std::to_string(header.bit_length) +
                      " bits in a buffer of " + std::to_string(bytes.size()) + " bytes");
  header.bytes.assign(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(needed));
  picture.packed.push_back(std::move(header));
  return {};
}

}  // namespace

Result<> take_buffer(Picture& picture, StreamParameters& stream, const Buffer& buffer) {
  const auto* const data = dynamic_cast<const DataBuffer*>(&buffer);
  if (data == nullptr) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
  const std::span<const uint8_t> bytes = data->bytes();
  switch (buffer.type()) {
    case VAEncSequenceParameterBufferType:
      stream.sequence =
          MILLRACE_TRY(read_struct<VAEncSequenceParameterBufferH264>(bytes, "sequence"));
      picture.has_sequence = true;
      return {};
    case VAEncPictureParameterBufferType:
      picture.parameters =
          MILLRACE_TRY(read_struct<VAEncPictureParameterBufferH264>(bytes, "picture"));
      return {};
    case VAEncSliceParameterBufferType:
      return take_slices(picture, *data);
    case VAEncMiscParameterBufferType:
      return take_misc(stream, bytes);
    case VAEncPackedHeaderParameterBufferType:
      picture.packed_to_come =
          MILLRACE_TRY(read_struct<VAEncPackedHeaderParameterBuffer>(bytes, "packed header"));
      return {};
    case VAEncPackedHeaderDataBufferType:
      return take_packed_data(picture, bytes);
    default:
      return {};
  }
}

}  // namespace millrace::softva
