#!/bin/bash
# SPDX-License-Identifier: MIT
# In the guest: the folders that programs expect, the devices of the lab, and a list of them.
# LAB_KERNEL is the kernel's folder, which has its modules.
set -euo pipefail

fail() {
  echo "lab: $1" >&2
  exit 1
}

folders() {
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /dev/shm /dev/pts /run/lock
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
  mount -t debugfs debugfs /sys/kernel/debug
  mkdir -p /lib/modules
  mount --bind "$LAB_KERNEL/lib/modules" /lib/modules
}

# NODE MODULE [PARAMETER…]: afterwards there is a device by that name.
device() {
  local node=$1
  shift
  modprobe "$@" || fail "modprobe $* failed in the guest; kernel.log, among the results, says why"
  present "$node" "the module $1 made none"
}

present() { [ -e "$1" ] || fail "there is no $1: $2"; }

# One camera with one plane a buffer, one with several; each with the output that feeds a camera's
# HDMI input. Outputs start on HDMI, which takes any size; S-Video, vivid's own first, takes two.
cameras() {
  device /dev/video3 vivid n_devs=2 multiplanar=1,2 node_types=0x101,0x101 \
    num_outputs=2,2 output_types=0x1,0x1
}

row() { printf '  %-22s %s\n' "$1" "$2"; }

describe() {
  local node
  echo "kernel $(uname -r), $(nproc) CPUs, $(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB"
  for node in /dev/video*; do row "$node" "$(cat "/sys/class/video4linux/${node##*/}/name")"; done
  for node in /dev/dri/card* /dev/dri/renderD*; do
    row "$node" "$(cut -d ' ' -f 1 "/sys/kernel/debug/dri/${node##*[a-zD]}/name")"
  done
  row /dev/udmabuf "up to $(cat /sys/module/udmabuf/parameters/size_limit_mb) MiB each"
  for node in /dev/dma_heap/*; do row "$node" "dma-buf heap"; done
}

folders
present /dev/udmabuf "this kernel has no udmabuf built in"
device /dev/dri/renderD128 vgem
device /dev/dri/card1 virtio_gpu
cameras
describe
