#!/bin/sh
# Makes the Swift bindings and the C module from a built library of the core:
#   ios/generate-bindings.sh BIN_FOLDER LIBRARY OUT
# BIN_FOLDER holds the generator (`cargo build -p wijkboek-bindgen --bin uniffi-bindgen-swift`). OUT gets
# WijkboekCore/WijkboekCore.swift, WijkboekCoreFFI/WijkboekCoreFFI.h and WijkboekCoreFFI/module.modulemap.
set -eu
bin=$1
library=$2
out=$3
mkdir -p "$out/all" "$out/WijkboekCore" "$out/WijkboekCoreFFI"
# From the root of the workspace: the generator asks cargo for the crates' uniffi.toml.
cd "$(dirname "$0")/.."
"$bin/uniffi-bindgen-swift" --swift-sources --headers --modulemap \
    --module-name WijkboekCoreFFI --modulemap-filename module.modulemap "$library" "$out/all"
mv "$out/all/WijkboekCore.swift" "$out/WijkboekCore/"
mv "$out/all/WijkboekCoreFFI.h" "$out/all/module.modulemap" "$out/WijkboekCoreFFI/"
rmdir "$out/all"
