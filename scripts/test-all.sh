#!/usr/bin/env bash
# Every suite, on two cores: Rust first (everything else uses what it builds), then Kotlin and Swift
# side by side, and the browser last and alone, since it watches how soon a page updates. Each
# suite's output goes to target/test-logs and is shown whole when it fails, else its end.
set -uo pipefail
cd "$(dirname "$0")/.."
logs=target/test-logs
mkdir -p "$logs"

scripts/need.sh gcc libc6-dev || exit 1
scripts/test-rust.sh || { echo "test: the Rust suite failed"; exit 1; }
scripts/test-postgres.sh || { echo "test: the PostgreSQL suite failed"; exit 1; }
# What the three others start or load, built once.
scripts/build.sh || exit 1

declare -A pids
failed=()

begin() {
  "scripts/test-$1.sh" >"$logs/$1.log" 2>&1 &
  pids[$1]=$!
}

await() {
  if wait "${pids[$1]}"; then
    echo "--- $1"
    tail -n 15 "$logs/$1.log"
  else
    echo "--- $1 FAILED"
    cat "$logs/$1.log"
    failed+=("$1")
  fi
}

begin android
begin ios
await android
await ios
begin web
await web

[ "${#failed[@]}" -eq 0 ] || { echo "test: failed: ${failed[*]}"; exit 1; }
echo "test: Rust, PostgreSQL, Kotlin, Swift and browser suites passed"
