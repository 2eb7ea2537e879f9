#!/usr/bin/env bash
# Makes the pictures in docs/pictures anew from the running code: office pages and Android screens.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/test-web.sh --pictures
scripts/test-android.sh --pictures
ls -l docs/pictures
