#!/usr/bin/env bash
# Runs each fuzz target for FUZZTIME.
set -u
cd "$(dirname "$0")/.."
failed=0
grep -rlE '^func Fuzz' --include='*_test.go' internal | while read -r file; do
	for target in $(grep -oE '^func Fuzz[A-Za-z0-9_]+' "$file" | cut -c6-); do
		echo "== $target in $(dirname "$file")"
		go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}" || exit 1
	done
done || failed=1
exit $failed
