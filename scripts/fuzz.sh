#!/usr/bin/env bash
# fuzz.sh [SECONDS [TARGET…]]: runs each coverage-guided target for that long (60).
# What it finds lies in target/fuzz/crashes; what it learnt, in target/fuzz/corpus, is the next run's start.
# Needs a nightly compiler, which it asks rustup for. Where there is none, the same functions run on
# the stable compiler without guidance.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(change mutation documents pack spoiled_pack wire note areas)

nightly() { cargo +nightly --version >/dev/null 2>&1; }
if ! nightly && command -v rustup >/dev/null; then
  rustup toolchain install nightly --profile minimal || true
fi
if ! nightly; then
  echo "no nightly compiler: the short run on stable instead"
  exec cargo test -p wijkboek-model -p wijkboek-crdt -p wijkboek-sync -- fuzz spoiled
fi
command -v c++ >/dev/null || scripts/need.sh g++

host=$(rustc +nightly -vV | sed -n 's/^host: //p')
out=${CARGO_TARGET_DIR:-target}/fuzz
# What cargo-fuzz passes: counters per edge, the compared values, and the address sanitizer.
flags=(
  --cfg fuzzing -Zsanitizer=address -Cpasses=sancov-module -Ccodegen-units=1
  -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares
)
CARGO_TARGET_DIR=$out/build RUSTFLAGS="${flags[*]}" \
  cargo +nightly build --quiet --release --manifest-path tests/fuzz/Cargo.toml --target "$host"

mkdir -p "$out/crashes"
found=0
for target in "${targets[@]}"; do
  mkdir -p "$out/corpus/$target"
  seeds=()
  case $target in
    change) seeds=(core/crdt/tests/hostile core/crdt/tests/it/schema-1) ;;
    pack) seeds=(core/crdt/tests/hostile-packs core/crdt/tests/it/pack) ;;
    note | areas) seeds=(data/ridderkerk) ;;
  esac
  echo "== $target, $seconds seconds"
  log=$out/$target.log
  # A bomb that costs 64 MB, or an input that takes ten seconds, is a finding.
  if "$out/build/$host/release/$target" -max_total_time="$seconds" -max_len=66000 -timeout=10 \
    -malloc_limit_mb=64 -rss_limit_mb=2048 -artifact_prefix="$out/crashes/$target-" \
    "$out/corpus/$target" "${seeds[@]}" >"$log" 2>&1; then
    grep -E '^#|^Done' "$log" | tail -n 1
  else
    tail -n 40 "$log"
    found=1
  fi
done
[ "$found" = 0 ] || echo "crashes: $(ls "$out/crashes")" >&2
exit "$found"
