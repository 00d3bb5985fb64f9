#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The guest's first program: puts a writable layer in memory over the host's files, which arrive over
# 9p and cannot be written, and goes on there with what the host left in /share. When it fails the
# kernel panics, QEMU ends and the host shows the console.
set -e
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in netfs 9pnet 9pnet_virtio 9p overlay; do insmod "/modules/$module.ko"; done

over=trans=virtio,version=9p2000.L,msize=524288
# The host's files do not change while we run, or nobody minds: keep what was read.
mount -t 9p -o "$over,cache=loose,ro" hostroot /lower
mount -t 9p -o "$over" share /share
mount -t tmpfs tmpfs /upper
mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /new
mkdir -p /new/share
for folder in proc sys dev share; do mount --move "/$folder" "/new/$folder"; done
ifconfig lo up
exec switch_root /new /bin/bash /share/start.sh
