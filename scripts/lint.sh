#!/usr/bin/env bash
# Formatting, clippy with warnings as errors, and licences.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --quiet -- -D warnings
if command -v cargo-deny >/dev/null; then
  cargo deny --offline check licenses bans sources
else
  echo "lint: cargo-deny is not installed, licences not checked (cargo install cargo-deny --locked)"
fi
