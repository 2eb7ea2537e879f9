#!/usr/bin/env bash
# Builds the core as a shared library for this machine and makes the Kotlin bindings from it.
# They go to android/core/target (never committed), where both the Maven and the Gradle build look.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
out=android/core/target/generated/uniffi
cargo build --quiet -p wijkboek-bindings
cargo build --quiet -p wijkboek-bindgen
case "$(uname -s)" in
  Darwin) library=libwijkboek_bindings.dylib ;;
  *) library=libwijkboek_bindings.so ;;
esac

fresh=$(mktemp -d "${TMPDIR:-/tmp}/wijkboek-kotlin.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
"$target/debug/uniffi-bindgen" generate --language kotlin --no-format --out-dir "$fresh" "$target/debug/$library"

# Replaced only when it changed, so that an unchanged core costs no compiling.
if ! diff -rq "$fresh" "$out" >/dev/null 2>&1; then
  rm -rf "$out"
  mkdir -p "$(dirname "$out")"
  cp -r "$fresh" "$out"
fi
echo "bindings: $(find "$out" -name '*.kt' | wc -l) Kotlin file in $out"
