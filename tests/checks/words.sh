#!/bin/bash
# SPDX-License-Identifier: MIT
# Words that must not stand in the tree: what only this machine knows (its paths, its name, the
# hosts of its package sources), and notes to oneself that belong in the tracker.
set -euo pipefail
cd "$(dirname "$0")/../.."
tree=$PWD

package_hosts() {
  apt-get indextargets --format '$(SITE)' 2>/dev/null
  apt-config dump 2>/dev/null | sed -nE 's/^Acquire::[A-Za-z]+::Proxy[^"]*"(.*)";/\1/p'
  printenv PIP_INDEX_URL GOPROXY npm_config_registry || true
}

# Fixed strings, one a line; short or plain words would match by accident.
machine_words() {
  package_hosts | sed -E 's,^[a-z+]+://,,; s,.*@,,; s,[:/].*,,'
  echo "$tree/"
  uname -n | grep '[0-9-]' || true
  printenv HOME | grep -vxE '/root/?|/' || true
}

files() {
  find . -type f -not -path './.git/*' -not -path './build/*' -not -path './.cache/*' \
    -not -path './tests/checks/words.sh' | sort
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT
machine_words | awk 'length >= 6' | sort -u >"$list"

broken=0
found=$(files | xargs -d '\n' grep -nIFf "$list" || true)
[ -z "$found" ] || { printf 'known to this machine only:\n%s\n' "$found"; broken=1; }

notes='\b(TODO|FIXME|HACK|XXX)\b|\bissues? #?[0-9]+\b|(^|[^A-Za-z0-9._$}/-])/(home|Users|work)/'
found=$(files | xargs -d '\n' grep -nIE "$notes" || true)
[ -z "$found" ] || { printf 'a note to oneself, or a path of one machine:\n%s\n' "$found"; broken=1; }
exit $broken
