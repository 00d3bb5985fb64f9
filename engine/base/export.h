// SPDX-License-Identifier: MIT
// MILLRACE_API marks what a shared library of ours offers to others; everything else stays hidden.
#pragma once

#define MILLRACE_API __attribute__((visibility("default")))
