#!/usr/bin/env bash
# The Rust tests: units, properties, the simulation, and the tests over real processes.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cc >/dev/null || scripts/need.sh gcc libc6-dev
# The integration tests start these as processes of their own.
scripts/build.sh
cargo test --workspace --no-fail-fast
