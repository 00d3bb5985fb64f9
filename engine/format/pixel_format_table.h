// SPDX-License-Identifier: MIT
// The facts of every pixel format, in the order of the enumerators.
#pragma once

#include "engine/format/pixel_format_facts.h"

namespace millrace {

// clang-format off
inline constexpr std::array<PixelFormatFacts, pixel_format_count> pixel_format_table = {{
    {PixelFormat::nv12,    "NV12",    "",          fourcc("NV12"), fourcc("NV12"), 2, {{{1,1,1}, {2,2,2}}},          8,  false, 2, 2},
    {PixelFormat::i420,    "I420",    "YUV420P",   fourcc("YU12"), fourcc("YU12"), 3, {{{1,1,1}, {1,2,2}, {1,2,2}}}, 8,  false, 2, 2},
    {PixelFormat::yuyv,    "YUYV",    "YUY2",      fourcc("YUYV"), fourcc("YUYV"), 1, {{{4,2,1}}},                   8,  false, 2, 1},
    {PixelFormat::bgrx,    "BGRX",    "XRGB8888",  fourcc("XR24"), fourcc("XR24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::rgba,    "RGBA",    "ABGR8888",  fourcc("AB24"), fourcc("AB24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::p010,    "P010",    "P010LE",    fourcc("P010"), fourcc("P010"), 2, {{{2,1,1}, {4,2,2}}},          10, false, 2, 2},
    {PixelFormat::nv21,    "NV21",    "",          fourcc("NV21"), fourcc("NV21"), 2, {{{1,1,1}, {2,2,2}}},          8,  false, 2, 2},
    {PixelFormat::nv16,    "NV16",    "",          fourcc("NV16"), fourcc("NV16"), 2, {{{1,1,1}, {2,2,1}}},          8,  false, 2, 1},
    {PixelFormat::nv61,    "NV61",    "",          fourcc("NV61"), fourcc("NV61"), 2, {{{1,1,1}, {2,2,1}}},          8,  false, 2, 1},
    {PixelFormat::nv24,    "NV24",    "",          fourcc("NV24"), fourcc("NV24"), 2, {{{1,1,1}, {2,1,1}}},          8,  false, 1, 1},
    {PixelFormat::yv12,    "YV12",    "YVU420P",   fourcc("YV12"), fourcc("YV12"), 3, {{{1,1,1}, {1,2,2}, {1,2,2}}}, 8,  false, 2, 2},
    {PixelFormat::y42b,    "Y42B",    "YUV422P",   fourcc("YU16"), fourcc("422P"), 3, {{{1,1,1}, {1,2,1}, {1,2,1}}}, 8,  false, 2, 1},
    {PixelFormat::y444,    "Y444",    "YUV444P",   fourcc("YU24"), 0,              3, {{{1,1,1}, {1,1,1}, {1,1,1}}}, 8,  false, 1, 1},
    {PixelFormat::uyvy,    "UYVY",    "",          fourcc("UYVY"), fourcc("UYVY"), 1, {{{4,2,1}}},                   8,  false, 2, 1},
    {PixelFormat::yvyu,    "YVYU",    "",          fourcc("YVYU"), fourcc("YVYU"), 1, {{{4,2,1}}},                   8,  false, 2, 1},
    {PixelFormat::p016,    "P016",    "P016LE",    fourcc("P016"), 0,              2, {{{2,1,1}, {4,2,2}}},          16, false, 2, 2},
    {PixelFormat::i420_10, "I420_10", "I420_10LE", fourcc("S010"), 0,              3, {{{2,1,1}, {2,2,2}, {2,2,2}}}, 10, false, 2, 2},
    {PixelFormat::rgb,     "RGB",     "BGR888",    fourcc("BG24"), fourcc("RGB3"), 1, {{{3,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::bgr,     "BGR",     "RGB888",    fourcc("RG24"), fourcc("BGR3"), 1, {{{3,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::bgra,    "BGRA",    "ARGB8888",  fourcc("AR24"), fourcc("AR24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::rgbx,    "RGBX",    "XBGR8888",  fourcc("XB24"), fourcc("XB24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::xrgb,    "XRGB",    "BGRX8888",  fourcc("BX24"), fourcc("BX24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::argb,    "ARGB",    "BGRA8888",  fourcc("BA24"), fourcc("BA24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::xbgr,    "XBGR",    "RGBX8888",  fourcc("RX24"), fourcc("RX24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::abgr,    "ABGR",    "RGBA8888",  fourcc("RA24"), fourcc("RA24"), 1, {{{4,1,1}}},                   8,  true,  1, 1},
    {PixelFormat::gray8,   "GRAY8",   "GREY",      fourcc("R8  "), fourcc("GREY"), 1, {{{1,1,1}}},                   8,  false, 1, 1},
    {PixelFormat::gray16,  "GRAY16",  "GRAY16_LE", fourcc("R16 "), fourcc("Y16 "), 1, {{{2,1,1}}},                   16, false, 1, 1},
    {PixelFormat::rgb16,   "RGB16",   "RGB565",    fourcc("RG16"), fourcc("RGBP"), 1, {{{2,1,1}}},                   5,  true,  1, 1},
    {PixelFormat::uyvp,    "UYVP",    "",          0,              0,              1, {{{5,2,1}}},                   10, false, 2, 1},
    {PixelFormat::v210,    "v210",    "",          0,              0,              1, {{{128,48,1}}},                10, false, 2, 1},
}};

// clang-format on

}  // namespace millrace
