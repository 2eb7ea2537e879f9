#!/usr/bin/env bash
# The log in PostgreSQL: starts a cluster of its own in a temporary directory (a socket, no port),
# runs the tests against it and takes it down again. As root it runs the database as `nobody`.
set -euo pipefail
cd "$(dirname "$0")/.."

newest() { find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1; }
[ -n "$(newest)" ] || scripts/need.sh postgresql
bin=$(dirname "$(newest)")

place=$(mktemp -d /tmp/wijkboek-postgres.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then
  chown nobody "$place"
  as=(setpriv --reuid nobody --regid nogroup --clear-groups)
fi
"${as[@]}" "$bin/initdb" --pgdata "$place/data" --username wijkboek --auth trust --encoding UTF8 \
  --no-sync --locale C >/dev/null
"${as[@]}" "$bin/postgres" -D "$place/data" -k "$place" -c listen_addresses= >"$place/log" 2>&1 &
server=$!

stop() {
  kill -INT "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -rf "$place"
}
trap stop EXIT

tries=0
until "$bin/pg_isready" -q -h "$place" -U wijkboek -d postgres; do
  kill -0 "$server" 2>/dev/null || { cat "$place/log"; exit 1; }
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo "the database does not start"; cat "$place/log"; exit 1; }
  sleep 0.2
done
for name in conforms races starts serves; do
  "$bin/createdb" -h "$place" -U wijkboek "$name"
done
WIJKBOEK_TEST_POSTGRES="host=$place user=wijkboek" \
  cargo test -p wijkboek-server --features postgres-tests --test it postgres
