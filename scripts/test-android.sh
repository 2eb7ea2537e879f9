#!/usr/bin/env bash
# Everything of android/ that runs without an Android SDK: the Kotlin bindings against the real
# library and the real server, the screens, the platform code on Robolectric, and every module
# compiled against the real Android libraries. Installs what it needs on a Debian machine.
#
#   scripts/test-android.sh              all of it
#   scripts/test-android.sh --pictures   only the screens' pictures, into docs/pictures
set -euo pipefail
cd "$(dirname "$0")/.."

pictures=
case "${1:-}" in
  "") ;;
  --pictures) pictures=$PWD/docs/pictures ;;
  *) echo "usage: scripts/test-android.sh [--pictures]" >&2; exit 2 ;;
esac

if [ "$(uname -s)" = Linux ]; then
  scripts/need.sh gcc libc6-dev openjdk-17-jdk-headless maven \
    fontconfig fonts-roboto-unhinted fonts-noto-color-emoji libfontconfig1 libgl1 libx11-6
fi
for tool in cargo java mvn; do
  command -v "$tool" >/dev/null || { echo "android: needs $tool" >&2; exit 1; }
done

target=${CARGO_TARGET_DIR:-target}
scripts/bindings-kotlin.sh
maven=(mvn --batch-mode --quiet -Dstyle.color=never --file android/pom.xml
  -Drust.target="$(cd "$target/debug" && pwd)")

if [ -n "$pictures" ]; then
  "${maven[@]}" test -pl core,ui -Dpictures.dir="$pictures" \
    -Dtest=ScreenshotTest -Dsurefire.failIfNoSpecifiedTests=false
  echo "android: $(find "$pictures" -name 'android-*.png' | wc -l) pictures in docs/pictures"
  exit 0
fi

rm -rf android/{core,ui,platform}/target/surefire-reports
"${maven[@]}" test -pl core,ui,platform
android/appcheck/check.sh

sum() { # of one attribute over all reports
  cat android/{core,ui,platform}/target/surefire-reports/TEST-*.xml |
    grep '<testsuite ' | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ total += $1 } END { print total + 0 }'
}
failed=$(($(sum failures) + $(sum errors)))
passed=$(($(sum tests) - failed - $(sum skipped)))
[ "$passed" -gt 0 ] || { echo "android: no test was run" >&2; exit 1; }
echo "android: Gradle, the NDK and an emulator were not run; see android/README.md"
echo "android: $passed passed, $failed failed"
