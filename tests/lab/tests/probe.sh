#!/bin/bash
# SPDX-License-Identifier: MIT
# What the program says of a machine that has devices.
. "$LAB_TREE/tests/lab/guest/expect.sh"

ends_with 0 millrace probe
says "udmabuf memory: one page allocated" "render node /dev/dri/renderD128: this user may use it" \
  "render node /dev/dri/renderD129: this user may use it" "recording: something here encodes H.264"
ends_with 0 millrace list sources
says "test:bars" "no desktop"
ends_with 0 millrace record -s test:bars --size 320x240 --frames 3 --require zero-copy -o bars.mkv
says "frames by import: the driver imports udmabuf"
