#!/usr/bin/env bash
# Builds the core for Android phones; Gradle packs what lies in android/core/target/jniLibs.
# The database is encrypted there: OpenSSL is compiled along, which takes a few minutes the first time.
# Needs the Android NDK (ANDROID_NDK_HOME) and cargo-ndk (cargo install cargo-ndk --locked).
set -euo pipefail
cd "$(dirname "$0")/.."

[ -n "${ANDROID_NDK_HOME:-}" ] || { echo "android-native: set ANDROID_NDK_HOME to the NDK's folder" >&2; exit 1; }
command -v cargo-ndk >/dev/null || { echo "android-native: cargo install cargo-ndk --locked" >&2; exit 1; }
rustup target add aarch64-linux-android armv7-linux-androideabi x86_64-linux-android
scripts/bindings-kotlin.sh
cargo ndk --platform 26 -t arm64-v8a -t armeabi-v7a -t x86_64 -o android/core/target/jniLibs \
  build --release -p wijkboek-bindings --features sqlcipher-vendored
echo "android-native: $(find android/core/target/jniLibs -name '*.so' | wc -l) libraries in android/core/target/jniLibs"
