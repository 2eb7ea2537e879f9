#!/usr/bin/env bash
# The figures, plain and with SQLCipher, merged into one list (target/bench.json; with --quick
# target/bench-quick.json). Two builds, because encryption is a feature of the whole program.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cc >/dev/null || scripts/need.sh gcc libc6-dev
cargo run --quiet --release -p wijkboek-tests --bin bench -- "$@"
command -v apt-get >/dev/null && scripts/need.sh libssl-dev
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/sqlcipher" cargo run --quiet --release -p wijkboek-tests \
  --features sqlcipher --bin bench -- --encrypted "$@"
