#!/bin/sh
# Builds and tests everything of ios/ that does not need Xcode: the Rust core and the generated Swift
# bindings, the package's tests (against the real library and the real server binary), the app's
# views against the models, its strings, its formatting and its Xcode project.
#
# Needs Rust and a C compiler; installs nothing outside target/. On Linux without Swift 6 it makes a toolchain under
# target/swift-toolchain (Debian amd64, about 1.1 GB); on a Mac it uses the installed Swift.
# SWIFT_TOOLCHAIN names another folder for the toolchain, CARGO_TARGET_DIR another build folder.
# Arguments go to `swift test` (as in `scripts/test-ios.sh --filter Capture`).
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
case $target in /*) ;; *) target=$root/$target ;; esac
ios=$root/ios
package=$ios/Packages/WijkboekKit
generated=$package/Generated
work=$target/ios
log=$work/last-step.log

main() {
    mkdir -p "$work"
    step "Rust core, server and binding generator" build_rust
    find_swift
    step "Swift bindings" generate_bindings
    step "Swift package and its tests" test_package "$@"
    tests=$(sed -n 's/.*Test run with \([0-9]*\) test.* passed.*/\1/p' "$log" | tail -n 1)
    [ "${tests:-0}" -gt 0 ] || fail "no test was run"
    step "views against the models" type_check_app
    step "formatting" check_format
    step "project, property lists and strings" check_project
    sources=$(find "$ios/App" -name '*.swift' | wc -l | tr -d ' ')
    echo "ios: passed ($tests tests, $sources app sources type-checked against a SwiftUI stub," \
        "project and strings sound; SwiftUI itself was not run)"
}

# The installed Swift where it is new enough, else the toolchain in target/.
find_swift() {
    if [ -z "${SWIFT_TOOLCHAIN:-}" ] && installed_swift_is_new_enough; then
        echo "ios: uses the installed Swift"
        return
    fi
    [ "$(uname)" = Linux ] || fail "needs Swift 6 (Xcode 16 or later)"
    toolchain=${SWIFT_TOOLCHAIN:-$target/swift-toolchain}
    step "Swift toolchain (the first time a minute and 300 MB)" \
        "$root/scripts/swift-toolchain.sh" "$toolchain"
    PATH=$toolchain/usr/libexec/swift/bin:$PATH
    export PATH
}

installed_swift_is_new_enough() {
    command -v swift >/dev/null || return 1
    major=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\).*/\1/p' | head -n 1)
    [ "${major:-0}" -ge 6 ]
}

build_rust() {
    command -v cargo >/dev/null || fail "needs Rust (cargo)"
    command -v cc >/dev/null || "$root/scripts/need.sh" gcc libc6-dev
    cd "$root"
    scripts/build.sh
    mkdir -p "$work/lib"
    put "$target/debug/$(library_file)" "$work/lib/$(library_file)"
}

library_file() {
    case $(uname) in
    Darwin) echo libwijkboek_bindings.dylib ;;
    *) echo libwijkboek_bindings.so ;;
    esac
}

generate_bindings() {
    fresh=$work/generated
    rm -rf "$fresh"
    "$root/ios/generate-bindings.sh" "$target/debug" "$work/lib/$(library_file)" "$fresh"
    for file in WijkboekCore/WijkboekCore.swift WijkboekCoreFFI/WijkboekCoreFFI.h \
        WijkboekCoreFFI/module.modulemap; do
        mkdir -p "$generated/$(dirname "$file")"
        put "$fresh/$file" "$generated/$file"
    done
}

# WIJKBOEK_CORE tells the manifest to link the library itself, also on a Mac (where the app takes an
# XCFramework).
test_package() {
    cd "$package"
    # What a run that was ended left behind goes with the next one.
    rm -rf "$work/tmp"
    mkdir -p "$work/tmp"
    export TMPDIR="$work/tmp" WIJKBOEK_CORE=library WIJKBOEK_ROOT="$root" \
        WIJKBOEK_SERVER="$target/debug/wijkboek-server"
    swift test --scratch-path "$work/build" \
        -Xlinker -L"$work/lib" -Xlinker -rpath -Xlinker "$work/lib" "$@"
}

# Compiles the stubs as modules named like the frameworks, then type-checks the app against them and
# the built package. Proves that views and models agree, nothing about how SwiftUI behaves.
type_check_app() {
    modules=$work/stub
    mkdir -p "$modules"
    for framework in SwiftUI UIKit CoreLocation Security; do
        swiftc -emit-module -swift-version 6 -module-name "$framework" -parse-as-library \
            -emit-module-path "$modules/$framework.swiftmodule" "$ios/stub/$framework.swift"
    done
    built=$(find "$work/build" -type d -path '*/debug/Modules' | head -n 1)
    find "$ios/App" -name '*.swift' | sort >"$work/app-sources"
    # shellcheck disable=SC2046 # file names of the project, without spaces
    set -- $(cat "$work/app-sources")
    swiftc -frontend -parse "$@"
    swiftc -typecheck -swift-version 6 -warnings-as-errors -module-name Wijkboek -parse-as-library \
        -I "$modules" -I "$built" -Xcc "-fmodule-map-file=$generated/WijkboekCoreFFI/module.modulemap" \
        "$@"
}

check_format() {
    cd "$ios"
    swift format lint --strict --recursive --parallel \
        App stub "$package/Package.swift" "$package/Sources" "$package/Tests"
}

check_project() {
    cd "$ios"
    plutil -- Wijkboek.xcodeproj/project.pbxproj App/Info.plist App/Wijkboek.entitlements
}

# Replaces a file only when it differs, so that an unchanged core costs no Swift build.
put() { cmp -s "$1" "$2" || cp "$1" "$2"; }

# Runs one step, its output in a log that is shown when it fails. In the background, so that a signal
# ends the step with all that it started, and not only this script.
step() {
    name=$1
    shift
    printf 'ios: %s … ' "$name"
    began=$(date +%s)
    ("$@") >"$log" 2>&1 </dev/null &
    running=$!
    if wait "$running"; then
        running=
        echo "done ($(($(date +%s) - began)) s)"
    else
        running=
        echo "FAILED"
        tail -n 200 "$log"
        fail "$name failed (whole output: $log)"
    fi
}

# `swift test` leaves its test process alone when it is ended itself: hence the whole tree.
end_step() {
    trap - INT TERM HUP
    [ -z "${running:-}" ] || kill_tree "$running"
    echo "ios: stopped" >&2
    exit 130
}

kill_tree() {
    # shellcheck disable=SC2009 # pgrep is not everywhere
    for child in $(ps -e -o pid= -o ppid= | awk -v parent="$1" '$2 == parent { print $1 }'); do
        kill_tree "$child"
    done
    kill "$1" 2>/dev/null || true
}

fail() {
    echo "ios: $*" >&2
    exit 1
}

trap end_step INT TERM HUP
main "$@"
