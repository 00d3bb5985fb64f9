#!/bin/bash
# SPDX-License-Identifier: MIT
# The allocator of dma-bufs from user memory keeps the contract on the kernel's own udmabuf.
. "$LAB_TREE/tests/lab/guest/expect.sh"

all_of test_hw_dmabuf '*'
