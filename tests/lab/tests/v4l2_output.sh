#!/bin/bash
# SPDX-License-Identifier: MIT
# V4L2 output devices of a real driver take our frames; cameras are refused as outputs.
. "$LAB_TREE/tests/lab/guest/expect.sh"

all_of test_hw_v4l2 'RealDevice.*'
