#!/usr/bin/env bash
# The office pages in Chromium, against the real server and phones; with --pictures it makes their
# pictures in docs/pictures instead. Installs Chromium and, where there is none, Node.js 18 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v node >/dev/null || scripts/need.sh nodejs
command -v npm >/dev/null || scripts/need.sh npm
scripts/need.sh chromium
node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' ||
  { echo "test-web: Node.js 18 or newer is needed, this is $(node --version)" >&2; exit 1; }

scripts/build.sh
node scripts/vendor.mjs --check

cd tests/browser
# What is installed is newer than the lock file: nothing to fetch.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --loglevel=error
if [ "${1:-}" = --pictures ]; then
  npm run --silent pictures
else
  npm test --silent
fi
