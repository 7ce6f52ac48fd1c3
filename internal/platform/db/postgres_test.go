package db_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Forced serialisation failures and deadlocks are run again, wherever they come.
func TestSerializationFailuresAreRepeated(t *testing.T) {
	var texts []string
	var mu sync.Mutex
	d := dbtest.OpenPostgres(t, db.Config{Trace: func(text string, _ []any) { mu.Lock(); texts = append(texts, text); mu.Unlock() }}, thing)
	for _, code := range []string{"40001", "40P01"} {
		raise := "DO $$ BEGIN RAISE EXCEPTION 'forced' USING ERRCODE = '" + code + "'; END $$"
		for name, fail := range map[string]func(tx *db.Tx) error{
			"at once": func(tx *db.Tx) error { _, err := tx.Exec(raise); return err },
			"swallowed": func(tx *db.Tx) error {
				if _, err := tx.Exec(raise); err == nil {
					t.Error("not forced")
				}
				return nil
			},
			"in the batch": func(tx *db.Tx) error { tx.Queue(raise); return nil },
		} {
			attempts, v := 0, id.New()
			err := db.Do(context.Background(), d, db.People, func(tx *db.Tx) error {
				add(tx, v, v.String())
				tx.Fact(db.Fact{Kind: "test.made", Subject: v})
				if attempts++; attempts < 4 {
					return fail(tx)
				}
				return nil
			})
			if err != nil || attempts != 4 {
				t.Errorf("%s %s: %v after %d attempts", code, name, err, attempts)
			}
			if n := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE id = $1", v); n != 1 {
				t.Errorf("%s %s: %d rows", code, name, n)
			}
			if n := count(t, d, "SELECT COUNT(*) FROM journal_fact WHERE subject = $1", v); n != 1 {
				t.Errorf("%s %s: %d facts", code, name, n)
			}
		}
	}
	attempts := 0
	err := db.Do(context.Background(), d, db.People, func(tx *db.Tx) error {
		attempts++
		_, err := tx.Exec("DO $$ BEGIN RAISE EXCEPTION 'forced' USING ERRCODE = '40001'; END $$")
		return err
	})
	if !errs.Is(err, errs.Unavailable) || attempts < 5 {
		t.Errorf("for ever: %v after %d attempts", err, attempts)
	}
}

func TestCounterUnderContention(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		v := id.New()
		must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { add(tx, v, "counter"); return nil }))
		var wg sync.WaitGroup
		var stale atomic.Int64
		for range 8 {
			wg.Go(func() {
				for range 10 {
					for {
						err := db.Do(ctx, d, db.People, func(tx *db.Tx) error {
							n, err := db.One(ctx, tx, db.Int, "SELECT version FROM test_thing WHERE id = $1", v)
							if err != nil {
								return err
							}
							tx.QueueOne("UPDATE test_thing SET version = version + 1 WHERE id = $1 AND version = $2", v, n)
							return nil
						})
						if err == nil {
							break
						}
						if !errs.Is(err, errs.Stale) && !errs.Is(err, errs.Unavailable) {
							t.Error(err)
							return
						}
						stale.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, d, "SELECT version FROM test_thing WHERE id = $1", v); n != 81 {
			t.Errorf("version %d, want 81 (%d refused)", n, stale.Load())
		}
	}, thing)
}

func TestPanicFreesTheConnection(t *testing.T) {
	d := dbtest.OpenPostgres(t, db.Config{WriteConns: 1}, thing)
	ctx := context.Background()
	for range 3 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.Do(ctx, d, db.People, func(tx *db.Tx) error {
				if _, err := tx.Exec(insertThing, id.New(), "panicking", 1, nil, true, nil); err != nil {
					t.Error(err)
				}
				panic("boom")
			})
		}()
	}
	must(t, db.Do(ctx, d, db.People, func(tx *db.Tx) error { add(tx, id.New(), "after"); return nil }))
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// A context that ends in the middle of a closure does not break the connection.
func TestContextEndsInClosure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		err := db.Do(ctx, d, db.People, func(tx *db.Tx) error {
			if _, err := tx.Exec(insertThing, id.New(), "one", 1, nil, true, nil); err != nil {
				return err
			}
			cancel()
			add(tx, id.New(), "two")
			_, err := db.One(ctx, tx, db.Int, "SELECT COUNT(*) FROM test_thing")
			return err
		})
		if err != nil {
			t.Errorf("outcome: %v", err)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 2 {
			t.Errorf("%d rows", n)
		}
		if err := db.Do(ctx, d, db.People, func(tx *db.Tx) error { t.Error("ran"); return nil }); !errs.Is(err, errs.Unavailable) {
			t.Errorf("ended before: %v", err)
		}
	}, thing)
}

// Connections that the server closed while they were idle are replaced unnoticed.
func TestServerClosedIdleConnections(t *testing.T) {
	d := dbtest.OpenPostgres(t, db.Config{WriteConns: 4}, thing)
	ctx := context.Background()
	for name, fn := range map[string]func(tx *db.Tx) error{
		"one batch": func(tx *db.Tx) error { add(tx, id.New(), id.New().String()); return nil },
		"with reading": func(tx *db.Tx) error {
			add(tx, id.New(), id.New().String())
			_, err := db.One(ctx, tx, db.Int, "SELECT COUNT(*) FROM test_thing")
			return err
		},
	} {
		must(t, db.Do(ctx, d, db.People, fn))
		count(t, d, "SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()) AS ended")
		if err := db.Do(ctx, d, db.People, fn); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := count(t, d, "SELECT COUNT(*) FROM test_thing"); n != 4 {
		t.Errorf("%d rows", n)
	}
}

// The connection breaks while COMMIT is under way. If the server got it, the
// transaction is found and counts as done; if not, nobody knows.
func TestConnectionLostDuringCommit(t *testing.T) {
	subject := id.New()
	for name, collect := range map[string]func(tx *db.Tx, v id.ID){
		"fact":  func(tx *db.Tx, v id.ID) { tx.Fact(db.Fact{Kind: "test.made", Subject: subject}) },
		"once":  func(tx *db.Tx, v id.ID) { tx.Once(id.New(), "op", v.String(), []byte("x"), v) },
		"none":  func(tx *db.Tx, v id.ID) {},
		"proof": func(tx *db.Tx, v id.ID) { tx.Proof("SELECT 1 FROM test_thing WHERE id = $1", v) },
	} {
		for _, arrives := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				u, err := url.Parse(dbtest.PostgresURL(t, thing))
				must(t, err)
				p := startProxy(t, u.Host)
				u.Host = p.listener.Addr().String()
				d, err := db.Open(context.Background(), db.Config{URL: u.String(), WriteConns: 1, ReadConns: 1})
				must(t, err)
				defer func() { must(t, d.Close()) }()
				attempts := 0
				write := func() (id.ID, error) {
					v := id.New()
					return v, db.Do(context.Background(), d, db.People, func(tx *db.Tx) error {
						attempts++
						add(tx, v, v.String())
						collect(tx, v)
						return nil
					})
				}
				_, err = write() // the statements are prepared now
				must(t, err)
				attempts = 0
				p.cut(arrives)
				v, err := write()
				rows := count(t, d, "SELECT COUNT(*) FROM test_thing WHERE id = $1", v)
				switch {
				case !p.didCut():
					t.Fatal("nothing was cut")
				case attempts != 1:
					t.Errorf("%d attempts: run again blindly", attempts)
				case arrives && (err != nil || rows != 1):
					t.Errorf("arrived: %v, %d rows", err, rows)
				case !arrives && (!errs.Is(err, errs.OutcomeUnknown) || rows != 0):
					t.Errorf("did not arrive: %v, %d rows", err, rows)
				}
			})
		}
	}
}

// proxy stands between the program and PostgreSQL and cuts one connection at a
// chosen moment.
type proxy struct {
	listener net.Listener
	mode     atomic.Int32 // 0 pass, 1 cut after the server committed, 2 cut before it gets it
	cuts     atomic.Int32
}

func startProxy(t *testing.T, server string) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &proxy{listener: l}
	t.Cleanup(func() { must(t, l.Close()) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c, server)
		}
	}()
	return p
}

func (p *proxy) cut(arrives bool) {
	if arrives {
		p.mode.Store(1)
	} else {
		p.mode.Store(2)
	}
}

func (p *proxy) didCut() bool { return p.cuts.Load() == 1 }

func (p *proxy) serve(client net.Conn, addr string) {
	server, err := net.Dial("tcp", addr)
	if err != nil {
		client.Close()
		return
	}
	limit := time.Now().Add(20 * time.Second) // a test that goes wrong must end
	if errors.Join(client.SetDeadline(limit), server.SetDeadline(limit)) != nil {
		return
	}
	var swallow atomic.Bool // this connection's answers are not passed on any more
	end := func() { client.Close(); server.Close() }
	go func() {
		defer end()
		buf := make([]byte, 1<<16)
		for {
			n, err := client.Read(buf)
			if err != nil {
				return
			}
			mode := int32(0)
			if !bytes.Contains(buf[:n], []byte("-- ping")) { // the pool asks whether an idle connection lives
				mode = p.mode.Swap(0)
			}
			switch mode {
			case 1:
				swallow.Store(true)
			case 2:
				p.cuts.Add(1)
				return
			}
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	go func() {
		defer end()
		buf := make([]byte, 1<<16)
		var seen []byte
		for {
			n, err := server.Read(buf)
			if err != nil {
				return
			}
			if swallow.Load() {
				if seen = append(seen, buf[:n]...); bytes.Contains(seen, []byte("COMMIT\x00")) {
					p.cuts.Add(1)
					return
				}
				continue
			}
			if _, err := client.Write(buf[:n]); err != nil && !errors.Is(err, net.ErrClosed) {
				return
			}
		}
	}()
}
