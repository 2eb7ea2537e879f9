#!/usr/bin/env bash
# need.sh PACKAGE…: makes sure that Debian packages are installed.
# Does nothing when all are there; without root it says what to install and fails.
set -euo pipefail

missing=()
for package in "$@"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "not a Debian machine: install the equivalent of: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "install these packages first: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# Two suites may ask at once: apt's own lock is waited for, for at most ten minutes.
apt=(apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
(
  flock 9
  "${apt[@]}" update >/dev/null
  "${apt[@]}" install --no-install-recommends --yes "${missing[@]}" >/dev/null
) 9>/tmp/.wijkboek-apt.lock
