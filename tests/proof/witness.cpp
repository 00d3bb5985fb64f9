// SPDX-License-Identifier: MIT
// The volume witness: a preload that counts the bytes which library calls read from frame memory
// outside planned TRANSFORMs.
//
//   LD_PRELOAD=build/dev/lib/libmillrace_witness.so millrace record …
//
// It stands in for memcpy and its kin, libyuv's and libav's plane copies, sws_scale and the writing
// system calls, and looks whether what they read lies in memory that the engine has announced
// (engine/observe/witness.h). The copy ledger has no hand in this count, so the two can disagree.
//
// Not counted: reads on a thread that is inside a planned TRANSFORM or a source's fill, and reads
// by code inside a codec or the VA driver, which are inherent (a decoder reads its reference
// frames). Not seen: plain loops, which the compiler never turns into a call; the identity and
// windows legs of the proof watch for those.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <dlfcn.h>
#include <sys/uio.h>
#include <unistd.h>

#define WITNESS_API extern "C" __attribute__((visibility("default")))

namespace {

struct Region {
  std::atomic<uintptr_t> first{0};
  std::atomic<uintptr_t> last{0};
};

std::array<Region, 4096> regions;
std::atomic<size_t> regions_used{0};
std::atomic<uint64_t> counted{0};
thread_local int transform_depth = 0;
thread_local int inside = 0;  // a counted call that calls another one counts once

bool in_frame_memory(const void* address) {
  const auto place = reinterpret_cast<uintptr_t>(address);
  const size_t used = regions_used.load(std::memory_order_acquire);
  for (size_t index = 0; index < used; ++index) {
    if (place >= regions[index].first.load(std::memory_order_relaxed) &&
        place < regions[index].last.load(std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool inherent(void* caller) {
  Dl_info info{};
  if (dladdr(caller, &info) == 0 || info.dli_fname == nullptr) return false;
  for (const char* name :
       {"libavcodec", "libx264", "libopenh264", "libdav1d", "libvpx", "millrace_drv_video"}) {
    if (std::strstr(info.dli_fname, name) != nullptr) return true;
  }
  return false;
}

void note_read(const void* from, size_t size, void* caller) {
  // Small reads (a header, a counter) can never add up to a frame within the allowance.
  constexpr size_t smallest = 16;
  if (size < smallest || transform_depth > 0 || inside > 0) return;
  if (!in_frame_memory(from) || inherent(caller)) return;
  counted.fetch_add(size, std::memory_order_relaxed);
}

void* copy_forwards(void* to, const void* from, size_t size) {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  for (size_t index = 0; index < size; ++index) target[index] = source[index];
  return to;
}

void* copy_either_way(void* to, const void* from, size_t size) {
  auto* target = static_cast<unsigned char*>(to);
  const auto* source = static_cast<const unsigned char*>(from);
  if (target <= source || target >= source + size) return copy_forwards(to, from, size);
  for (size_t index = size; index-- > 0;) target[index] = source[index];
  return to;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

struct Inside {
  Inside() { ++inside; }

  ~Inside() { --inside; }
};

size_t plane_bytes(int width, int height) {
  return static_cast<size_t>(width) * static_cast<size_t>(height < 0 ? -height : height);
}

}  // namespace

WITNESS_API void millrace_witness_mapped(const void* address, size_t size) {
  const auto first = reinterpret_cast<uintptr_t>(address);
  // Memory that is mapped for each access comes and goes: the place of one that went is used again.
  for (size_t index = 0; index < regions.size(); ++index) {
    uintptr_t free = 0;
    if (!regions[index].first.compare_exchange_strong(free, first)) continue;
    regions[index].last = first + size;
    size_t used = regions_used.load();
    while (used <= index && !regions_used.compare_exchange_weak(used, index + 1)) {
    }
    return;
  }
}

WITNESS_API void millrace_witness_unmapped(const void* address) {
  for (Region& region : regions) {
    if (region.first.load() == reinterpret_cast<uintptr_t>(address)) {
      region.last = 0;
      region.first = 0;
    }
  }
}

WITNESS_API void millrace_witness_transform(int entering) {
  transform_depth += entering ? 1 : -1;
}

WITNESS_API uint64_t millrace_witness_bytes_read(void) {
  return counted.load();
}

WITNESS_API void* memcpy(void* __restrict to, const void* __restrict from, size_t size) noexcept {
  note_read(from, size, __builtin_return_address(0));
  return copy_forwards(to, from, size);
}

WITNESS_API void* memmove(void* to, const void* from, size_t size) noexcept {
  note_read(from, size, __builtin_return_address(0));
  return copy_either_way(to, from, size);
}

WITNESS_API void* mempcpy(void* __restrict to, const void* __restrict from, size_t size) noexcept {
  note_read(from, size, __builtin_return_address(0));
  return static_cast<unsigned char*>(copy_forwards(to, from, size)) + size;
}

WITNESS_API void* __memcpy_chk(void* to, const void* from, size_t size, size_t room) {
  if (size > room) __builtin_trap();
  note_read(from, size, __builtin_return_address(0));
  return copy_forwards(to, from, size);
}

WITNESS_API void* __memmove_chk(void* to, const void* from, size_t size, size_t room) {
  if (size > room) __builtin_trap();
  note_read(from, size, __builtin_return_address(0));
  return copy_either_way(to, from, size);
}

WITNESS_API void* __mempcpy_chk(void* to, const void* from, size_t size, size_t room) {
  if (size > room) __builtin_trap();
  note_read(from, size, __builtin_return_address(0));
  return static_cast<unsigned char*>(copy_forwards(to, from, size)) + size;
}

WITNESS_API ssize_t write(int fd, const void* from, size_t size) {
  note_read(from, size, __builtin_return_address(0));
  return next<ssize_t(int, const void*, size_t)>("write")(fd, from, size);
}

WITNESS_API ssize_t pwrite(int fd, const void* from, size_t size, off_t at) {
  note_read(from, size, __builtin_return_address(0));
  return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(fd, from, size, at);
}

WITNESS_API ssize_t writev(int fd, const struct iovec* parts, int count) {
  for (int index = 0; index < count; ++index) {
    note_read(parts[index].iov_base, parts[index].iov_len, __builtin_return_address(0));
  }
  return next<ssize_t(int, const struct iovec*, int)>("writev")(fd, parts, count);
}

// libyuv: https://chromium.googlesource.com/libyuv/libyuv/+/HEAD/include/libyuv/planar_functions.h
WITNESS_API void CopyPlane(const uint8_t* from, int from_stride, uint8_t* to, int to_stride,
                           int width, int height) {
  note_read(from, plane_bytes(width, height), __builtin_return_address(0));
  const Inside once;
  next<void(const uint8_t*, int, uint8_t*, int, int, int)>("CopyPlane")(from, from_stride, to,
                                                                        to_stride, width, height);
}

WITNESS_API int NV12Copy(const uint8_t* y, int y_stride, const uint8_t* uv, int uv_stride,
                         uint8_t* to_y, int to_y_stride, uint8_t* to_uv, int to_uv_stride,
                         int width, int height) {
  note_read(y, plane_bytes(width, height), __builtin_return_address(0));
  note_read(uv, plane_bytes(width, height) / 2, __builtin_return_address(0));
  const Inside once;
  return next<int(const uint8_t*, int, const uint8_t*, int, uint8_t*, int, uint8_t*, int, int,
                  int)>("NV12Copy")(y, y_stride, uv, uv_stride, to_y, to_y_stride, to_uv,
                                    to_uv_stride, width, height);
}

WITNESS_API int I420Copy(const uint8_t* y, int y_stride, const uint8_t* u, int u_stride,
                         const uint8_t* v, int v_stride, uint8_t* to_y, int to_y_stride,
                         uint8_t* to_u, int to_u_stride, uint8_t* to_v, int to_v_stride, int width,
                         int height) {
  note_read(y, plane_bytes(width, height), __builtin_return_address(0));
  note_read(u, plane_bytes(width, height) / 4, __builtin_return_address(0));
  note_read(v, plane_bytes(width, height) / 4, __builtin_return_address(0));
  const Inside once;
  return next<int(const uint8_t*, int, const uint8_t*, int, const uint8_t*, int, uint8_t*, int,
                  uint8_t*, int, uint8_t*, int, int, int)>("I420Copy")(
      y, y_stride, u, u_stride, v, v_stride, to_y, to_y_stride, to_u, to_u_stride, to_v,
      to_v_stride, width, height);
}

// libavutil: https://ffmpeg.org/doxygen/5.1/imgutils_8h.html
WITNESS_API void av_image_copy_plane(uint8_t* to, int to_stride, const uint8_t* from,
                                     int from_stride, int row_bytes, int rows) {
  note_read(from, plane_bytes(row_bytes, rows), __builtin_return_address(0));
  const Inside once;
  next<void(uint8_t*, int, const uint8_t*, int, int, int)>("av_image_copy_plane")(
      to, to_stride, from, from_stride, row_bytes, rows);
}

WITNESS_API void av_image_copy(uint8_t* to[4], int to_strides[4], const uint8_t* from[4],
                               const int from_strides[4], int format, int width, int height) {
  for (size_t plane = 0; plane < 4 && from[plane] != nullptr; ++plane) {
    const size_t bytes = plane_bytes(from_strides[plane], height);
    note_read(from[plane], plane == 0 ? bytes : bytes / 2, __builtin_return_address(0));
  }
  const Inside once;
  next<void(uint8_t* [4], int[4], const uint8_t* [4], const int[4], int, int, int)>(
      "av_image_copy")(to, to_strides, from, from_strides, format, width, height);
}

// libswscale: https://ffmpeg.org/doxygen/5.1/swscale_8h.html
WITNESS_API int sws_scale(void* context, const uint8_t* const from[], const int from_strides[],
                          int first_row, int rows, uint8_t* const to[], const int to_strides[]) {
  for (size_t plane = 0; plane < 4 && from[plane] != nullptr; ++plane) {
    const size_t bytes = plane_bytes(from_strides[plane], rows);
    note_read(from[plane], plane == 0 ? bytes : bytes / 2, __builtin_return_address(0));
  }
  const Inside once;
  return next<int(void*, const uint8_t* const[], const int[], int, int, uint8_t* const[],
                  const int[])>("sws_scale")(context, from, from_strides, first_row, rows, to,
                                             to_strides);
}
