#!/bin/bash
# SPDX-License-Identifier: MIT
# To be sourced by what boots a guest. The guest is Debian's kernel in QEMU, emulated in software; its
# root is the host's own, read-only, under a layer in memory, so what was built here runs there.
#   find_build                   the build tree, lab_build, whose programs the guest runs
#   find_parts [--cached]        the kernel and what boots it; 77 where they are not to be had
#   write_start FILE COMMAND…    what the guest does once it has a root: COMMAND, in its environment
#   qemu SHARE OPTION…           becomes QEMU; SHARE is /share in the guest, and written by it
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab_build=$lab/../../build/dev
lab_words=""  # more for the kernel's command line
lab_memory=4096  # MiB; taken from the host only as the guest touches them

lab_skip() {
  echo "SKIPPED: lab: $1"
  exit 77
}

lab_misused() {
  echo "error: lab: $1" >&2
  exit 2
}

find_build() {
  [ -d "$lab_build/bin" ] ||
    lab_misused "$lab_build has no programs (bin/); build them (cmake --workflow --preset dev), or name another tree with --build"
  lab_build=$(cd "$lab_build" && pwd)
}

lab_needs() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null ||
    lab_skip "$1 is not installed (package $2; as root: app/install_packages.sh tests/packages.txt)"
}

find_parts() {
  lab_needs qemu-system-x86_64 qemu-system-x86
  lab_needs busybox busybox-static
  lab_needs cpio cpio
  lab_needs modprobe kmod
  lab_needs xz xz-utils
  lab_kernel=$("$lab/fetch.sh" "$@") || exit $?  # it said why
  lab_release=${lab_kernel##*/kernel-}
  find_initramfs
}

# busybox, init.sh and the modules for the host's files: made once for each of their contents.
find_initramfs() {
  local busybox sum
  busybox=$(command -v busybox)
  sum=$(cat "$busybox" "$lab/guest/init.sh" "$lab/boot.sh" | sha256sum)
  lab_initramfs=$lab_kernel/initramfs-${sum:0:16}.gz
  [ -s "$lab_initramfs" ] || make_initramfs "$busybox"
}

make_initramfs() {
  local work file
  work=$(mktemp -d "$lab_kernel/initramfs.XXXXXX")
  mkdir -p "$work"/tree/{bin,modules,proc,sys,dev,lower,upper,new,share}
  cp "$1" "$work/tree/bin/busybox"
  install -m 755 "$lab/guest/init.sh" "$work/tree/init"
  modprobe -d "$lab_kernel" -S "$lab_release" --show-depends -a 9p 9pnet_virtio overlay |
    awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do unpack_module "$file" "$work/tree/modules"; done
  (cd "$work/tree" && find . | cpio --quiet -o -H newc) | gzip -1 >"$work/initramfs.gz"
  mv "$work/initramfs.gz" "$lab_initramfs"
  rm -rf "$work"
}

unpack_module() { # FILE FOLDER
  case $1 in
    *.xz) xz -dc "$1" >"$2/$(basename "$1" .xz)" ;;
    *) cp "$1" "$2/" ;;
  esac
}

# Settings of the host that tests may depend on go along; what is in its home folder does not.
write_start() {
  local file=$1
  shift
  {
    echo '#!/bin/bash'
    printf 'export %q=%q\n' \
      PATH "$lab_build/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
      HOME /run/lab LANG C.UTF-8 TERM "${TERM:-dumb}" XDG_CACHE_HOME "${XDG_CACHE_HOME:-$HOME/.cache}" \
      LAB_KERNEL "$lab_kernel" LAB_TREE "$(cd "$lab/../.." && pwd)" LAB_BUILD "$lab_build" LAB_RESULTS /share \
      MILLRACE_LONG "${MILLRACE_LONG:-0}"
    printf 'exec'
    printf ' %q' "$@"
    echo
  } >"$file"
}

qemu() {
  local share=$1
  shift
  # Never KVM: the same speed and the same kernel everywhere. A comma in a path is written twice.
  # no_timer_check: on a busy machine the guest gets too little time to see its timer tick while it
  # tries it ("IO-APIC + timer doesn't work").
  exec qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m "$lab_memory" \
    -no-reboot -nodefaults -vga none -display none -device virtio-gpu-pci \
    -kernel "$lab_kernel/boot/vmlinuz-$lab_release" -initrd "$lab_initramfs" \
    -append "console=ttyS0 panic=-1 oops=panic no_timer_check $lab_words" \
    -virtfs local,path=/,mount_tag=hostroot,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=${share//,/,,},mount_tag=share,security_model=none" "$@"
}
