# SPDX-License-Identifier: MIT
# How the peers ask libx264 for exactly what our VA driver asks of it.

# What our driver asks of libx264 at a constant quantiser of 24 (hw/softva/encoder_options.cpp).
x264_options=qp=24:scenecut=0:weightp=0:aq-mode=0:ipratio=1:keyint_min=1

# As many slices, each on a thread, as our driver makes.
slice_threads() { # HEIGHT
  local threads=$(($1 / 64)) cores
  cores=$(nproc)
  [ "$threads" -le "$cores" ] || threads=$cores
  [ "$threads" -le 16 ] || threads=16
  [ "$threads" -ge 1 ] || threads=1
  echo "$threads"
}
