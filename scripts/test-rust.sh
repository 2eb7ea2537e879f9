#!/usr/bin/env bash
# The Rust tests: units, properties, the simulation, and the tests over real processes.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cc >/dev/null || scripts/need.sh gcc libc6-dev
# The integration tests start these as processes of their own.
scripts/build.sh
cargo test --workspace --no-fail-fast
# The encrypted store: a cargo call and a folder of its own, so that its features reach nothing else.
command -v apt-get >/dev/null && scripts/need.sh libssl-dev
CARGO_TARGET_DIR=target/sqlcipher cargo test -p wijkboek-store -p wijkboek-bindings \
  --features wijkboek-store/sqlcipher,wijkboek-bindings/sqlcipher --no-fail-fast
