#!/usr/bin/env bash
# Builds the core as a shared library for this machine and makes the Kotlin bindings from it.
# Both go to android/core/target (never committed), where the Maven and the Gradle build look.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
sources=android/core/target/generated/uniffi
native=android/core/target/native
# In one call with the server, as the other suites do: cargo then builds each crate once.
scripts/build.sh
case "$(uname -s)" in
  Darwin) library=libwijkboek_bindings.dylib ;;
  *) library=libwijkboek_bindings.so ;;
esac

# A copy: another build may replace cargo's own while the tests have it loaded.
mkdir -p "$native"
cmp -s "$target/debug/$library" "$native/$library" || cp "$target/debug/$library" "$native/$library"

fresh=$(mktemp -d "${TMPDIR:-/tmp}/wijkboek-kotlin.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
"$target/debug/uniffi-bindgen" generate --language kotlin --no-format --out-dir "$fresh" "$native/$library"

# Replaced only when it changed, so that an unchanged core costs no compiling.
if ! diff -rq "$fresh" "$sources" >/dev/null 2>&1; then
  rm -rf "$sources"
  mkdir -p "$(dirname "$sources")"
  cp -r "$fresh" "$sources"
fi
echo "bindings: $(find "$sources" -name '*.kt' | wc -l | tr -d ' ') Kotlin file in $sources"
