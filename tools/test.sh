#!/usr/bin/env bash
# Every test, on SQLite and on a PostgreSQL cluster of its own, and whether the
# tests that docs/capabilities.md names were among them. The time of each
# package is printed; the whole fails over its budget (OKNO_TEST_BUDGET seconds,
# 900).
set -u
cd "$(dirname "$0")/.."
started=$(date +%s)
work=$(mktemp -d)
trap 'exec 3>&- 2>/dev/null; wait "${cluster:-}" 2>/dev/null; rm -rf "$work"' EXIT

if [ -z "${OKNO_TEST_POSTGRES:-}" ]; then
	mkfifo "$work/hold"
	go build -o "$work/pgcluster" ./tools/pgcluster || exit 1
	"$work/pgcluster" <"$work/hold" >"$work/url" &
	cluster=$!
	exec 3>"$work/hold"
	for _ in $(seq 100); do [ -s "$work/url" ] && break; kill -0 $cluster 2>/dev/null || break; sleep 0.1; done
	OKNO_TEST_POSTGRES=$(head -1 "$work/url")
	[ -n "$OKNO_TEST_POSTGRES" ] || { echo "no PostgreSQL: its half of the tests is skipped"; }
	export OKNO_TEST_POSTGRES
fi
[ -n "${OKNO_REAL_DATA:-}" ] || echo "OKNO_REAL_DATA is unset: tests on real data are skipped"

flags=(-timeout 14m)
[ -n "${OKNO_TEST_RACE:-}" ] && flags+=(-race)
failed=0
go vet ./... || failed=1
go build -o "$work/ran" ./tools/ran || exit 1
go test -json "${flags[@]}" ./... 2>&1 | "$work/ran" docs/capabilities.md || failed=1
# The code must be right on engines that know nothing but serializable.
OKNO_TEST_SERIALIZABLE=1 go test "${flags[@]}" -run 'Report|Officers|Double|Merge' ./internal/casework 2>&1 || failed=1

took=$(( $(date +%s) - started ))
budget=${OKNO_TEST_BUDGET:-900}
echo "took ${took} s of ${budget} s"
if [ "$took" -gt "$budget" ]; then echo "over the budget"; failed=1; fi
exit $failed
