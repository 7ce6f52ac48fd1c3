#!/usr/bin/env bash
# The figures of docs/benchmarks.md. Needs a quiet machine.
#
#   tools/bench.sh [PART …]      parts: check filing indexes lists pages start (all of them)
#
# OKNO_BENCH_ENGINES  "sqlite postgres"
# OKNO_BENCH_ROUNDS   5            runs of each figure
# OKNO_BENCH_SECONDS  10           of each run
# OKNO_BENCH_SMALL    10000        reports of the small installation (the largest authority has four fifths)
# OKNO_BENCH_LARGE    1000000      reports of the large one (the largest authority has a fifth)
# OKNO_BENCH_CASES    1000         reports that `check` compares
# OKNO_BENCH_DIR      a new one    folder of data and results; kept where it is given
# OKNO_BENCH_POSTGRES a new one    URL of a running cluster in which databases okno_SIZE are made and kept
#
# Everything is on loopback. The server, the load program and PostgreSQL are
# processes of their own. Without a part, `check` comes first: no figure counts
# before what is seeded is what the use cases leave.
set -eu
cd "$(dirname "$0")/.."
engines=${OKNO_BENCH_ENGINES:-sqlite postgres}
rounds=${OKNO_BENCH_ROUNDS:-5}
seconds=${OKNO_BENCH_SECONDS:-10}
small=${OKNO_BENCH_SMALL:-10000}
large=${OKNO_BENCH_LARGE:-1000000}
port=${OKNO_BENCH_PORT:-18480}
if [ -n "${OKNO_BENCH_DIR:-}" ]; then
	work=$OKNO_BENCH_DIR
	mkdir -p "$work"
	keep=1
else
	work=$(mktemp -d)
	keep=
fi
parts=${*:-check filing indexes lists pages start}
results=$work/results.jsonl
: >"$results"
server=
other=
cluster=

finish() {
	for s in $server $other; do kill "$s" 2>/dev/null || true; wait "$s" 2>/dev/null || true; done
	exec 3>&- 2>/dev/null || true
	[ -z "$cluster" ] || wait "$cluster" 2>/dev/null || true
	[ -n "$keep" ] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

unset OKNO_DATA OKNO_DATABASE OKNO_LISTEN OKNO_URL
export OKNO_LOG_LEVEL=warn
go build -o "$work/okno" ./cmd/okno
go build -o "$work/pgcluster" ./tools/pgcluster
okno=$work/okno

has() { case " $parts " in *" $1 "*) return 0 ;; esac; return 1; }
say() { echo "== $*" >&2; }

machine=$("$okno" bench machine --data "$work")
say "$machine"

if has check; then
	say "check: what seed writes against what use cases leave, ${OKNO_BENCH_CASES:-1000} reports"
	OKNO_BENCH_CASES=${OKNO_BENCH_CASES:-1000} go test -count=1 -timeout 30m -run 'Seed|Bare' ./internal/bench
fi
case " $parts " in " check ") exit 0 ;; esac

postgres=${OKNO_BENCH_POSTGRES:-}
[ -n "$postgres" ] || case " $engines " in *" postgres "*)
	mkfifo "$work/hold.$$"
	"$work/pgcluster" -durable <"$work/hold.$$" >"$work/url" &
	cluster=$!
	exec 3>"$work/hold.$$"
	rm "$work/hold.$$"
	for _ in $(seq 300); do [ -s "$work/url" ] && break; kill -0 "$cluster" || exit 1; sleep 0.1; done
	postgres=$(head -1 "$work/url")
	rm -rf "$work"/postgres-* # of a cluster that is gone
	;;
esac

# use ENGINE SIZE LARGEST makes an installation where there is none and sets $flags for it.
use() {
	data=$work/$1-$2
	database=sqlite:$data/okno.db
	if [ "$1" = postgres ]; then
		database=${postgres%/*}/okno_$2?${postgres#*\?}
		psql -q "$postgres" -tAc "SELECT 1 FROM pg_database WHERE datname = 'okno_$2'" | grep -q 1 || psql -q "$postgres" -c "CREATE DATABASE okno_$2"
	fi
	flags=(--data "$data" --database "$database" --listen "127.0.0.1:$port")
	if [ ! -e "$data/bench.json" ]; then
		say "$1: $2 reports"
		"$okno" bench seed "${flags[@]}" --reports "$2" --largest "$3"
	fi
}

serve() {
	"$okno" serve "${flags[@]}" --no-limits &
	server=$!
	for _ in $(seq 300); do
		curl -fs -o /dev/null "http://localhost:${flags[-1]##*:}/readyz" && return
		kill -0 "$server" || exit 1
		sleep 0.1
	done
	echo "the server is not ready" >&2
	exit 1
}

stop() {
	kill "$server"
	wait "$server" || true
	server=
}

# load and bare go on after a figure that failed: it is told in the table.
load() { "$okno" bench load "$@" "${flags[@]}" --out "$results" || true; }
bare() { "$okno" bench bare "${flags[@]}" --for "${seconds}s" --out "$results" "$@" || true; }

# last ENGINE WHAT is the rate of its last run.
last() { grep "\"what\":\"$2\",\"engine\":\"$1\"" "$results" | tail -1 | sed 's/.*"rate":\([0-9.e+]*\).*/\1/'; }

for engine in $engines; do
	if has filing; then
		use "$engine" "$small" $((small / 5 * 4))
		for round in $(seq "$rounds"); do
			say "$engine: filing, round $round of $rounds"
			serve
			load filing --for "${seconds}s"
			stop
			"$okno" bench settle "${flags[@]}" --out "$results"
			bare --loop --pgbench
			"$okno" bench settle "${flags[@]}"
			half=$(last "$engine" filing | awk '{printf "%.0f", $1 / 2}')
			if [ "${half:-0}" -gt 0 ]; then
				serve
				load filing --rate "$half" --for "${seconds}s"
				stop
				"$okno" bench settle "${flags[@]}"
				bare --rate "$half"
				"$okno" bench settle "${flags[@]}"
			fi
		done
	fi
	if has indexes; then
		use "$engine" "$small" $((small / 5 * 4))
		for round in $(seq "$rounds"); do
			say "$engine: indexes, round $round of $rounds"
			"$okno" bench indexes "${flags[@]}" --for "$((seconds / 2 + 1))s" --out "$results" || true
			"$okno" bench settle "${flags[@]}"
		done
	fi
	if has lists; then
		use "$engine" "$large" $((large / 5))
		beside=(--beside-data "$data" --beside-database "$database" --beside-listen "127.0.0.1:$((port + 1))")
		many=("${flags[@]}" --listen "127.0.0.1:$((port + 1))")
		use "$engine" "$small" $((small / 5 * 4))
		few=("${flags[@]}")
		for round in $(seq "$rounds"); do
			say "$engine: lists of $small and $large reports by turns, round $round of $rounds"
			flags=("${many[@]}")
			serve
			other=$server
			flags=("${few[@]}")
			serve
			load lists "${beside[@]}" --clients 1 --warm 500ms --for "$((seconds / 5 + 1))s"
			stop
			server=$other other=
			stop
		done
	fi
	if has pages; then
		use "$engine" "$small" $((small / 5 * 4))
		for round in $(seq "$rounds"); do
			say "$engine: pages, round $round of $rounds"
			serve
			load signed-out --for "${seconds}s"
			load signed-in --for "${seconds}s"
			stop
		done
	fi
	if has start; then
		for size in "$small" "$large"; do
			[ "$size" = "$small" ] || [ -e "$work/$engine-$size/bench.json" ] || continue
			use "$engine" "$size" $((size / 5 * 4))
			for round in $(seq "$rounds"); do
				"$okno" bench start "${flags[@]}" --out "$results"
			done
		done
	fi
done

echo
echo "$machine; commit $(git rev-parse --short HEAD); $rounds runs of $seconds s; median (range)"
echo
"$okno" bench table "$results"
