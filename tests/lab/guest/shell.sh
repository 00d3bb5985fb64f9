#!/bin/bash
# SPDX-License-Identifier: MIT
# In the guest: sets it up, gives the console a shell, and switches off when that ends.
# Usage: shell.sh ROWS COLUMNS FOLDER
set -uo pipefail

: >/share/booted
"$(dirname "${BASH_SOURCE[0]}")/set_up.sh" || echo "lab: not everything is there; dmesg says more"
stty rows "$1" cols "$2" </dev/console
cd "$3" || cd /
echo "millrace and the tests are in PATH; what you leave in /share stays; 'exit' switches the guest off"
# A session of its own has the console as its terminal, and Ctrl-C with it.
setsid -c bash -i </dev/ttyS0 >/dev/ttyS0 2>&1
sync
echo o >/proc/sysrq-trigger
sleep 60
