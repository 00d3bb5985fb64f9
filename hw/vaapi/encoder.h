// SPDX-License-Identifier: MIT
// The encoder: submit a surface, collect a coded picture, in the same order.
//
// Two pictures are under way at most, so that the device works on one while the other is prepared.
// What goes wrong with one picture costs that picture: it is reported as dropped, so is every
// picture that refers to it, and the next submitted one is an IDR.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "hw/vaapi/coded_segments.h"
#include "hw/vaapi/encode_setup.h"
#include "hw/vaapi/handles.h"
#include "hw/vaapi/picture_buffers.h"

namespace millrace::vaapi {

/// What became of a submitted picture.
struct CodedPicture {
  uint64_t tag = 0;  ///< as given to `submit`
  bool key = false;
  size_t size = 0;         ///< bytes written; 0 when it was dropped
  uint8_t average_qp = 0;  ///< 0 where the driver does not say
  std::optional<Error> dropped;
};

/// Confined.
class MILLRACE_API Encoder {
 public:
  static constexpr size_t depth = 2;

  /// Creates the context, the reconstructed surfaces and the coded buffers.
  static Result<std::unique_ptr<Encoder>> create(EncodeSetup setup);

  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  /// Starts coding `input`, which must not be written before its picture was collected: only then
  /// has the device surely read it. Call only while not `is_full()`. After an error nothing was
  /// started, and the next picture will be an IDR.
  [[nodiscard]] Result<> submit(VASurfaceID input, uint64_t tag);

  /// Waits for the oldest submitted picture and copies its bytes into `out`, which holds at least
  /// `max_picture_bytes()`. Call only while not `is_empty()`. Errors: `timeout` when the device
  /// does not answer, `cancelled` when `stop` is asked for; the picture stays submitted.
  [[nodiscard]] Result<CodedPicture> collect(std::span<std::byte> out,
                                             const std::stop_token& stop = {});

  /// Makes the next submitted picture an IDR.
  void request_idr() { idr_due_ = true; }

  /// Takes effect with the next picture, without a new context. Errors: `usage` in CQP, or numbers
  /// that do not fit together.
  [[nodiscard]] Result<> change_bitrate(uint32_t bitrate, std::optional<uint32_t> max_bitrate);

  [[nodiscard]] bool is_full() const { return in_flight_ == depth; }

  [[nodiscard]] bool is_empty() const { return in_flight_ == 0; }

  [[nodiscard]] size_t max_picture_bytes() const { return coded_capacity_; }

  [[nodiscard]] const EncodeSetup& setup() const { return setup_; }

 private:
  struct Slot {
    CodedBuffer coded;
    VASurfaceID input = VA_INVALID_SURFACE;
    uint64_t tag = 0;
    bool key = false;
  };

  explicit Encoder(EncodeSetup setup);
  Result<> allocate();
  [[nodiscard]] bool is_idr_due() const;

  [[nodiscard]] Slot& oldest() { return slots_[(next_slot_ + depth - in_flight_) % depth]; }

  Result<> start(const Slot& slot, const H264Picture& picture, const PictureTargets& targets);
  Result<> create_buffers(const H264Picture& picture, const PictureTargets& targets);
  Result<> render(const Slot& slot);
  void await_refused(const Slot& slot);
  Result<> wait_for(const Slot& slot, const std::stop_token& stop);
  VAStatus sync_once(const Slot& slot, uint64_t patience_ns);
  VAStatus sync_surface(VASurfaceID surface, uint64_t patience_ns);
  Result<CodedBytes> read(const Slot& slot, std::span<std::byte> out);
  Result<> map(const Slot& slot, void** segments);
  Result<> map_when_done(const Slot& slot, void** segments);
  void unmap(const Slot& slot);

  EncodeSetup setup_;
  std::vector<Surface> reconstructed_;  // outlive the context that writes them
  Context context_;
  std::array<Slot, depth> slots_;
  size_t next_slot_ = 0;
  size_t in_flight_ = 0;
  size_t coded_capacity_ = 0;
  bool has_sync_buffer_ = false;

  PictureBuffers buffers_;
  std::vector<ParameterBuffer> parameters_;  // of the picture that is being submitted, as libva has
  std::vector<VABufferID> parameter_ids_;    // them; kept for their storage
  size_t next_reconstructed_ = 0;
  std::optional<Reference> reference_;  ///< the picture submitted last
  H264Picture last_;
  uint64_t since_idr_ = 0;
  bool idr_due_ = true;
  bool rate_changed_ = false;
  bool device_hangs_ = false;  ///< a wait ran out: it is not tried again
  bool chain_broken_ = false;  ///< a picture was dropped and no IDR was collected since
};

}  // namespace millrace::vaapi
