// SPDX-License-Identifier: MIT
// What a compressed clip states before anything is decided. Pure.
#pragma once

#include "engine/format/letterbox.h"
#include "hw/avformat/clip.h"
#include "hw/avformat/clip_probe.h"

namespace millrace::avformat {

/// Threads that a decoder gets: more would only keep more pictures.
[[nodiscard]] int decoder_threads();

/// Buffers that the decoder may keep at once.
[[nodiscard]] uint64_t most_held(const ClipFacts& facts, int threads);

/// `rgb_target` is the colour that RGB outside our formats is converted into.
[[nodiscard]] ClipOffer make_offer(const ClipFacts& facts, int threads, const Colour& rgb_target);

}  // namespace millrace::avformat
