// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/recording.h"

#include <array>
#include <memory>

#include <gtest/gtest.h>

#include "tests/hw/vaapi/frames.h"

namespace millrace::vaapi::testing {
namespace {

void collect_one(Encoder& encoder, Recording& recording) {
  std::vector<std::byte> out(encoder.max_picture_bytes());
  const Result<CodedPicture> picture = encoder.collect(out);
  ASSERT_TRUE(picture) << picture.error().what;
  recording.pictures.push_back(*picture);
  if (picture->dropped) return;
  const auto* const first = reinterpret_cast<const uint8_t*>(out.data());
  recording.packets.emplace_back(first, first + picture->size);
}

std::unique_ptr<Encoder> make_encoder(const SharedDisplay& display,
                                      const EncoderSettings& settings) {
  Result<EncodeSetup> setup = set_up_encoding(display, settings);
  EXPECT_TRUE(setup) << setup.error().what;
  if (!setup) return nullptr;
  Result<std::unique_ptr<Encoder>> encoder = Encoder::create(setup.take());
  EXPECT_TRUE(encoder) << encoder.error().what;
  return encoder ? encoder.take() : nullptr;
}

}  // namespace

std::vector<uint8_t> Recording::stream() const {
  std::vector<uint8_t> bytes;
  for (const std::vector<uint8_t>& packet : packets) {
    bytes.insert(bytes.end(), packet.begin(), packet.end());
  }
  return bytes;
}

std::vector<uint64_t> Recording::key_tags() const {
  std::vector<uint64_t> tags;
  for (const CodedPicture& picture : pictures) {
    if (picture.key && !picture.dropped) tags.push_back(picture.tag);
  }
  return tags;
}

std::vector<uint64_t> Recording::dropped_tags() const {
  std::vector<uint64_t> tags;
  for (const CodedPicture& picture : pictures) {
    if (picture.dropped) tags.push_back(picture.tag);
  }
  return tags;
}

Recording record(const SharedDisplay& display, const EncoderSettings& settings, uint64_t count,
                 const std::function<void(Encoder&, uint64_t)>& before) {
  Recording recording;
  const std::unique_ptr<Encoder> encoder = make_encoder(display, settings);
  if (!encoder) return recording;
  MemfdAllocator allocator;
  SurfaceCache surfaces(display);
  std::array<Ref<Buffer>, Encoder::depth + 1> frames;
  for (uint64_t number = 0; number < count; ++number) {
    while (encoder->is_full()) collect_one(*encoder, recording);
    Ref<Buffer>& frame = frames[number % frames.size()];
    if (!frame) frame = make_frame(allocator, {settings.width, settings.height}, number);
    paint(*frame, number);
    const Result<VASurfaceID> surface =
        surfaces.surface_of(place_of_frame(*frame).value(), *frame->video());
    EXPECT_TRUE(surface) << surface.error().what;
    if (!surface) break;
    before(*encoder, number);
    const Result<> submitted = encoder->submit(*surface, number);
    if (!submitted) recording.refusals.push_back(submitted.error().what);
  }
  while (!encoder->is_empty()) collect_one(*encoder, recording);
  return recording;
}

}  // namespace millrace::vaapi::testing
