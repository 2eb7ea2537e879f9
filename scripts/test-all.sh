#!/usr/bin/env bash
# Every suite, on two cores: Rust first (everything else uses what it builds), then Kotlin, Swift
# and the browser side by side. Each suite's output goes to target/test-logs and is shown when it
# fails; the end of each is shown in any case.
set -uo pipefail
cd "$(dirname "$0")/.."
logs=target/test-logs
mkdir -p "$logs"

scripts/need.sh gcc libc6-dev || exit 1
scripts/test-rust.sh || { echo "test: the Rust suite failed"; exit 1; }
# What the three others start or load, built once.
cargo build --quiet -p wijkboek-server -p wijkboek-tests -p wijkboek-bindings -p wijkboek-bindgen --bins --lib || exit 1

declare -A pids
for suite in android ios web; do
  "scripts/test-$suite.sh" >"$logs/$suite.log" 2>&1 &
  pids[$suite]=$!
done

failed=()
for suite in android ios web; do
  if wait "${pids[$suite]}"; then
    echo "--- $suite"
    tail -n 15 "$logs/$suite.log"
  else
    echo "--- $suite FAILED"
    cat "$logs/$suite.log"
    failed+=("$suite")
  fi
done

[ "${#failed[@]}" -eq 0 ] || { echo "test: failed: ${failed[*]}"; exit 1; }
echo "test: Rust, Kotlin, Swift and browser suites passed"
