// SPDX-License-Identifier: MIT
#include "hw/dmabuf/cpu_sync.h"

#include <cerrno>
#include <cstdint>
#include <vector>

#include <linux/dma-buf.h>
#include <sys/mman.h>

#include <gtest/gtest.h>

#include "engine/base/unique_fd.h"

namespace millrace::dmabuf {
namespace {

/// A kernel that answers as told and notes what it was asked.
struct FakeKernel {
  std::vector<int> errors;  ///< one answer a call; 0 is success
  std::vector<uint64_t> flags;
  size_t calls = 0;
};

FakeKernel& kernel() {
  static FakeKernel fake;
  return fake;
}

int fake_ioctl(int /*fd*/, unsigned long request, void* argument) {
  EXPECT_EQ(request, static_cast<unsigned long>(DMA_BUF_IOCTL_SYNC));
  kernel().flags.push_back(static_cast<const dma_buf_sync*>(argument)->flags);
  const size_t call = kernel().calls++;
  errno = call < kernel().errors.size() ? kernel().errors[call] : 0;
  return errno == 0 ? 0 : -1;
}

class CpuSync : public testing::Test {
 protected:
  CpuSync() { kernel() = {}; }
};

TEST_F(CpuSync, says_when_and_in_which_direction) {
  EXPECT_EQ(sync_flags(Edge::begin, false), uint64_t{DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ});
  EXPECT_EQ(sync_flags(Edge::begin, true), uint64_t{DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW});
  EXPECT_EQ(sync_flags(Edge::end, false), uint64_t{DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ});
  EXPECT_EQ(sync_flags(Edge::end, true), uint64_t{DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW});
}

TEST_F(CpuSync, is_one_call_when_nothing_interrupts_it) {
  EXPECT_TRUE(sync_cpu_access(7, Edge::begin, true, fake_ioctl).has_value());
  EXPECT_EQ(kernel().calls, 1U);
}

TEST_F(CpuSync, is_restarted_with_the_same_flags_after_an_interruption) {
  kernel().errors = {EINTR, EAGAIN, EINTR};
  EXPECT_TRUE(sync_cpu_access(7, Edge::end, false, fake_ioctl).has_value());
  EXPECT_EQ(kernel().flags, std::vector<uint64_t>(4, sync_flags(Edge::end, false)));
}

TEST_F(CpuSync, hands_other_errors_on_with_act_and_object) {
  kernel().errors = {EIO};
  const Result<> result = sync_cpu_access(7, Edge::begin, false, fake_ioctl);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, EIO);
  EXPECT_NE(result.error().what.find("begin CPU access to dma-buf fd 7"), std::string::npos);
}

TEST_F(CpuSync, of_a_file_that_is_no_dma_buf_is_an_error) {
  const UniqueFd memfd(::memfd_create("cpu-sync-test", MFD_CLOEXEC));
  const Result<> result = sync_cpu_access(memfd.get(), Edge::begin, false);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ENOTTY);
}

}  // namespace
}  // namespace millrace::dmabuf
