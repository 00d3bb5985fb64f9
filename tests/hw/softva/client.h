// SPDX-License-Identifier: MIT
// A small VA encode client: enough to encode well, and open enough to be made to err.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <va/va.h>
#include <va/va_enc_h264.h>

#include "tests/hw/softva/display.h"

namespace millrace::softva_test {

struct Stream {
  uint32_t width = 64;  ///< as shown
  uint32_t height = 64;
  VAProfile profile = VAProfileH264High;
  VAEntrypoint entrypoint = VAEntrypointEncSlice;
  uint32_t rate_control = VA_RC_CQP;
  uint32_t packed_headers = 0;  ///< 0: not asked for
  uint32_t coded_bytes = 0;     ///< 0: as much as a picture may need
  int surfaces = 3;             ///< reconstructions
};

struct PackedData {
  uint32_t type = 0;
  uint32_t bit_length = 0;
  std::vector<uint8_t> bytes;
  bool has_emulation_bytes = true;
};

struct MiscData {
  VAEncMiscParameterType type;
  std::vector<uint8_t> bytes;
};

template <class Struct>
MiscData misc(VAEncMiscParameterType type, const Struct& value) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(&value);
  return {type, std::vector<uint8_t>(bytes, bytes + sizeof value)};
}

/// The buffers of one picture.
struct PictureData {
  std::optional<VAEncSequenceParameterBufferH264> sequence;
  std::optional<VAEncPictureParameterBufferH264> picture;
  std::vector<VAEncSliceParameterBufferH264> slices;
  std::vector<MiscData> misc;
  std::vector<PackedData> packed;
};

struct Coded {
  VAStatus status = VA_STATUS_SUCCESS;
  uint32_t segment_status = 0;
  std::vector<size_t> segment_sizes;
  std::vector<uint8_t> bytes;
};

/// Everything that one stream needs, destroyed with it.
class Client {
 public:
  Client(const Display& display, const Stream& stream);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Paints the input: a pattern that moves with `number`.
  void paint(uint32_t number) const;

  /// The buffers of the next picture, as they should be. Counts on.
  PictureData next(bool is_idr, int qp = 26);

  /// Begin, render, end with the input surface.
  VAStatus submit(const PictureData& data);

  /// Map, copy, unmap.
  [[nodiscard]] Coded take() const;

  /// next, submit and take; fails the test unless all succeed.
  std::vector<uint8_t> encode(bool is_idr, int qp = 26);

  VABufferID make_buffer(VABufferType type, uint32_t size, const void* data);

  VADisplay display;
  Stream stream;
  VAConfigID config = VA_INVALID_ID;
  VAContextID context = VA_INVALID_ID;
  VASurfaceID input = VA_INVALID_ID;
  std::vector<VASurfaceID> reconstructed;
  VABufferID coded = VA_INVALID_ID;

 private:
  uint32_t frame_num_ = 0;
  uint32_t number_ = 0;
  uint16_t idr_pic_id_ = 0;
  VAPictureH264 reference_ = {};
};

[[nodiscard]] VAEncSequenceParameterBufferH264 sequence_of(const Stream& stream);
[[nodiscard]] VAPictureH264 no_picture();

}  // namespace millrace::softva_test
