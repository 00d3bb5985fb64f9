#!/bin/bash
# SPDX-License-Identifier: MIT
# To be sourced: packages of this release's backports suite, without touching the system's apt. Its
# address comes from this machine's own sources; lists, cache and sources are private, below the
# user's cache folder; signatures are checked as apt does it, whatever the machine's settings say.
#   read_backports           fetches the suite's lists; false, and backports_error, when it cannot
#   backports_apt TOOL ARG…  apt-get or apt-cache on that suite
# shellcheck disable=SC1091
backports_suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")-backports
backports_root=${XDG_CACHE_HOME:-$HOME/.cache}/millrace/apt-$backports_suite
backports_error=""

# The machine's own source of the main archive, whatever form it is written in.
# shellcheck disable=SC2016
backports_archive() {
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v want="${backports_suite%-backports}" '$1 == want && $2 == "main" { print $3; exit }'
}

# With this machine's proxies and keys.
backports_apt() {
  local tool=$1
  shift
  "$tool" -qq -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::sourcelist="$backports_root/sources.list" -o Dir::State::Lists="$backports_root/lists" \
    -o Dir::Cache="$backports_root/cache" -o APT::Update::Error-Mode=any \
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false "$@"
}

read_backports() {
  local uri said keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=""
  uri=$(backports_archive)
  # shellcheck disable=SC2034
  [ -n "$uri" ] ||
    { backports_error="apt on this machine names no Debian archive for ${backports_suite%-backports}"; return 1; }
  [ ! -e "$keyring" ] || options="[signed-by=$keyring] "
  mkdir -p "$backports_root/lists/partial" "$backports_root/cache/archives/partial"
  # Two may want something of the suite at once.
  exec {backports_lock}>"$backports_root/lock"
  flock "$backports_lock"
  echo "deb $options$uri $backports_suite main" >"$backports_root/sources.list"
  said=$(backports_apt apt-get update 2>&1 >/dev/null) && return 0
  # shellcheck disable=SC2034
  backports_error="$backports_suite cannot be read from this machine's package source: ${said//$'\n'/; }"
  return 1
}
