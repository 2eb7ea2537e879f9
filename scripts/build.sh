#!/usr/bin/env bash
# The programs and the library that the suites start or load, and the binding generators.
# Always the same call: cargo resolves features per call, and another set of packages would compile
# half of the dependencies anew. The generators have a call of their own, since their features must
# not reach the library.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet -p wijkboek-server -p wijkboek-tests -p wijkboek-bindings
cargo build --quiet -p wijkboek-bindgen
