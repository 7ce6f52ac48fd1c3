// Command pgcluster starts a PostgreSQL cluster of its own in a temporary
// folder, prints its URL on one line, and stops it when its standard input
// closes.
//
//	mkfifo hold; go run ./tools/pgcluster <hold >url & exec 3>hold
//
// With -durable the server flushes as in real use; otherwise it is set for
// tests (fsync=off).
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"okno/internal/platform/db/dbtest/pgcluster"
)

func main() {
	durable := flag.Bool("durable", false, "flush to disk as in real use")
	flag.Parse()
	if err := run(*durable); err != nil {
		fmt.Fprintln(os.Stderr, "pgcluster:", err)
		os.Exit(1)
	}
}

func run(durable bool) error {
	c, err := pgcluster.Start(pgcluster.Options{Durable: durable})
	if err != nil {
		return err
	}
	fmt.Println(c.URL)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return c.Stop()
}
