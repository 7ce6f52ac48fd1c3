// Package bench measures the product. Three programs do it, each a command of
// okno and a process of its own beside the server that is measured:
//
//   - seed writes reports by the million straight into the tables. Each case is
//     carried through its steps by the functions that decide real ones
//     ([casework.Draft]); a test compares what seed writes for 1,000 cases with
//     what the use cases leave, table by table and column by column.
//   - load asks the server over HTTP: closed loops for rates, open ones (whose
//     arrivals don't wait for answers) for latencies at a rate.
//   - bare executes the statements of one filing, taken from the trace of real
//     ones, with no HTTP and nothing of the product around them: what the
//     product's figures are measured against.
//
// tools/bench.sh runs them; docs/benchmarks.md says what each figure means.
// Nothing here is imported by the product but by its command line.
//
//	world.go   who and where: people, offices, facts, houses
//	play.go    what happens to one report, as a function of the seed
//	seed.go    many reports at once; sink.go writes their rows
//	plan.go    what seed tells load: sessions, numbers, filters
//	shape.go   the statements of one filing and how to make them anew
//	bare*.go   the runs without the product; pgbench.go the same as a script
//	client.go  HTTP by hand, so that the client costs little beside the server
//	loop.go    closed and open loops; result.go their figures
//	load.go    what is asked
package bench
