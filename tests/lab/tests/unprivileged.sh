#!/bin/bash
# SPDX-License-Identifier: MIT
# A user whom no device lets in is told which, why, and what would help; what needs none works.
. "$LAB_TREE/tests/lab/guest/expect.sh"

as_nobody() { ends_with "$1" setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "${@:2}"; }

chmod 777 .
as_nobody 0 millrace probe
says "udmabuf memory: open /dev/udmabuf: Permission denied" "Add a udev rule that lets your group open /dev/udmabuf" \
  "render node /dev/dri/renderD128: open /dev/dri/renderD128: Permission denied" "recording: something here encodes H.264"
as_nobody 0 millrace record -s test:bars --size 320x240 --frames 3 --require zero-copy -o bars.mkv
says "frames by import: the driver imports memfd"
for node in /dev/video0 /dev/video1; do
  as_nobody 4 millrace record -s test:bars --size 320x240 --frames 3 -o $node
  says "open the video device $node: Permission denied" "usermod -aG video"
done
as_nobody 3 millrace record -s test:bars --size 320x240 --frames 3 -o /dev/video9
says "open the video device /dev/video9: No such file or directory"
