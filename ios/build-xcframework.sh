#!/bin/sh
# Makes ios/Packages/WijkboekKit/Generated: the Rust core as an XCFramework and the Swift bindings to
# it. Needs a Mac with Xcode 16 and Rust by rustup. Run it before opening the Xcode project and after
# each change of the core: ios/build-xcframework.sh [debug|release]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
profile=${1:-release}
case $profile in
debug) cargo_profile=dev ;;
release) cargo_profile=release ;;
*) echo "usage: ios/build-xcframework.sh [debug|release]" >&2; exit 2 ;;
esac
target=${CARGO_TARGET_DIR:-$root/target}
generated=$root/ios/Packages/WijkboekKit/Generated
work=$target/ios/xcframework
export IPHONEOS_DEPLOYMENT_TARGET=17.0 MACOSX_DEPLOYMENT_TARGET=14.0

cd "$root"
for platform in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin; do
    rustup target add "$platform"
    cargo build -p wijkboek-bindings --features sqlcipher --lib --profile "$cargo_profile" --target "$platform"
done
cargo build -p wijkboek-bindgen --bin uniffi-bindgen-swift

library() { echo "$target/$1/$profile/libwijkboek_bindings.a"; }
rm -rf "$work" "$generated"
mkdir -p "$work" "$generated"
"$root/ios/generate-bindings.sh" "$target/debug" "$(library aarch64-apple-darwin)" "$work"
mv "$work/WijkboekCore" "$generated/"
# In a folder of its own: two frameworks with a module.modulemap at the root would collide.
mkdir -p "$work/headers"
mv "$work/WijkboekCoreFFI" "$work/headers/"
# The simulators of both kinds of Mac share one library.
lipo -create "$(library aarch64-apple-ios-sim)" "$(library x86_64-apple-ios)" \
    -output "$work/libwijkboek_bindings.a"
xcodebuild -create-xcframework \
    -library "$(library aarch64-apple-ios)" -headers "$work/headers" \
    -library "$work/libwijkboek_bindings.a" -headers "$work/headers" \
    -library "$(library aarch64-apple-darwin)" -headers "$work/headers" \
    -output "$generated/WijkboekCoreFFI.xcframework"
echo "ios: core and bindings are in $generated"
