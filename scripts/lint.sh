#!/usr/bin/env bash
# Formatting, clippy with warnings as errors, and licences.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fmt --all --check
cargo clippy --workspace --all-targets --quiet -- -D warnings

# cargo-deny is compiled once per checkout when the machine has none.
deny_version=0.20.2
tools=target/tools
export PATH="$PWD/$tools/bin:$PATH"
command -v cargo-deny >/dev/null \
  || CARGO_TARGET_DIR="$tools/build" cargo install --quiet --locked --root "$tools" --version "$deny_version" cargo-deny
# Every target's packages are looked at, not only those that this machine builds.
cargo fetch --locked --quiet
cargo deny --offline --log-level error check licenses bans sources
echo "lint: formatting, clippy and licences are fine"
