# SPDX-License-Identifier: MIT
# One line a target: millrace_fuzz(NAME LIBS ...).
