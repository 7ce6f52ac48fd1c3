package notify

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/mail"
	"okno/internal/platform/smpp"
	"okno/internal/platform/vault"
)

// wire is a channel that answers as the test says.
type wire struct {
	answers []error
	got     []Text
}

func (w *wire) Send(_ context.Context, t Text) error {
	w.got = append(w.got, t)
	if len(w.answers) == 0 {
		return nil
	}
	err := w.answers[0]
	w.answers = w.answers[1:]
	return err
}

// post is an outbox over a fresh database with a standing clock.
type post struct {
	*testing.T
	*Outbox
	d             *db.DB
	clock         *clock.Fixed
	runner        *jobs.Runner
	letters, text *wire
	log           *bytes.Buffer
	key           *vault.Key
}

func eachPost(t *testing.T, test func(p *post)) {
	c := clock.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	begin := c.Now()
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(begin)
		keys, err := vault.OpenKeys(filepath.Join(t.TempDir(), "keys.json"), true)
		if err != nil {
			t.Fatal(err)
		}
		v := vault.Open(d, keys, nil)
		p := &post{T: t, d: d, clock: c, runner: jobs.New(d, jobs.Config{}), letters: &wire{}, text: &wire{}, log: &bytes.Buffer{}}
		p.Outbox = NewOutbox(OutboxConfig{DB: d, Clock: c, Vault: v, Log: slog.New(slog.NewTextHandler(p.log, nil)), Senders: map[Channel]Sender{Email: p.letters, SMS: p.text}})
		p.Register(p.runner)
		if p.key, err = v.New(id.New()); err != nil {
			t.Fatal(err)
		}
		p.do(p.key.Keep)
		if p.key, err = v.Subject(t.Context(), p.key.Subject); err != nil {
			t.Fatal(err)
		}
		test(p)
	}, Migrations, vault.Migrations)
}

func (p *post) do(fn func(tx *db.Tx) error) {
	p.Helper()
	if err := db.Do(p.Context(), p.d, db.People, fn); err != nil {
		p.Fatal(err)
	}
}

func (p *post) put(event id.ID, m Message) {
	p.Helper()
	m.Event, m.Lang = event, "en"
	p.do(func(tx *db.Tx) error { return p.Outbox.Send(tx, p.key, m) })
}

// became is the state, tries and reason of the only message.
func (p *post) became(want string) {
	p.Helper()
	got, err := db.One(p.Context(), p.d, db.Text, `SELECT state || ' ' || tries || ' ' || reason FROM notify_message`)
	if err != nil || strings.TrimSpace(got) != want {
		p.Errorf("it became %q, want %q: %v", got, want, err)
	}
}

func (p *post) code() Message {
	return Message{Channel: SMS, Kind: "signup_code", Address: "+79161234567", Until: p.clock.Now().Add(5 * time.Minute),
		Args: map[string]string{"Code": "918273", "Reference": "4821", "Minutes": "5"}}
}

func TestAMessageIsSentOnceAndItsSecretsGo(t *testing.T) {
	eachPost(t, func(p *post) {
		event := id.New()
		p.put(event, p.code())
		p.put(event, p.code())
		if n, _ := db.One(p.Context(), p.d, db.Int, `SELECT COUNT(*) FROM jobs_job`); n != 1 {
			p.Errorf("%d jobs", n)
		}
		if err := p.runner.Drain(p.Context()); err != nil {
			p.Fatal(err)
		}
		p.put(event, p.code()) // comes again after it was sent
		if err := p.runner.Drain(p.Context()); err != nil {
			p.Fatal(err)
		}
		if len(p.text.got) != 1 || p.text.got[0].To != "+79161234567" || !strings.Contains(p.text.got[0].Body, "code 918273 (No. 4821)") || smpp.Segments(p.text.got[0].Body) != 1 {
			p.Fatalf("sent %+v", p.text.got)
		}
		p.became("sent 1")
		if n, _ := db.One(p.Context(), p.d, db.Int, `SELECT COUNT(*) FROM notify_message WHERE LENGTH(args) > 0`); n != 0 {
			p.Error("the code is still there")
		}
		if counts, err := p.Outcomes(p.Context()); err != nil || len(counts) != 1 || counts[0] != (Count{SMS, "signup_code", Sent, "", 1}) {
			p.Errorf("%+v %v", counts, err)
		}
		p.clock.Advance(kept + time.Hour)
		if err := p.Clean(p.Context()); err != nil {
			p.Error(err)
		}
		if counts, _ := p.Outcomes(p.Context()); len(counts) != 0 {
			p.Errorf("%+v is kept for ever", counts)
		}
	})
}

func TestWhatBecomesOfAMessage(t *testing.T) {
	again, refused, lost := &smpp.Error{Outcome: smpp.Again}, &smpp.Error{Outcome: smpp.Refused}, &smpp.Error{Outcome: smpp.Unknown}
	for name, x := range map[string]struct {
		answers []error
		drains  int
		sends   int
		want    string
	}{
		"taken at the third try": {[]error{again, errors.New("no line")}, 3, 3, "sent 3"},
		"refused for good":       {[]error{refused}, 3, 1, "failed 1 refused"},
		"the answer was lost":    {[]error{lost}, 3, 1, "unknown 1 unknown"},
		"too late":               {[]error{again, again, again, again, again, again, again, again, again}, 12, 7, "failed 7 again"},
	} {
		t.Run(name, func(t *testing.T) {
			eachPost(t, func(p *post) {
				p.text.answers = x.answers
				p.put(id.New(), p.code())
				for range x.drains {
					if err := p.runner.Drain(p.Context()); err != nil {
						p.Fatal(err)
					}
					p.clock.Advance(time.Minute)
					if x.drains > 3 {
						p.clock.Advance(-30 * time.Second)
					}
				}
				p.became(x.want)
				if len(p.text.got) != x.sends {
					p.Errorf("sent %d times", len(p.text.got))
				}
				if text := p.log.String(); strings.Contains(text, "918273") || strings.Contains(text, "9161234567") {
					p.Errorf("the log tells: %s", text)
				}
			})
		})
	}
}

func TestALetterOfLostAnswerIsRepeatedAsTheSame(t *testing.T) {
	eachPost(t, func(p *post) {
		p.letters.answers = []error{&mail.Error{Outcome: mail.Unknown}}
		p.put(id.New(), Message{Channel: Email, Kind: "signup_link", Address: "maria@example.ru", Until: p.clock.Now().Add(72 * time.Hour), Args: map[string]string{"Link": "https://okno.example/x"}})
		for range 2 {
			if err := p.runner.Drain(p.Context()); err != nil {
				p.Fatal(err)
			}
			p.clock.Advance(time.Minute)
		}
		p.became("sent 2")
		if got := p.letters.got; len(got) != 2 || got[0].ID != got[1].ID || !got[0].At.Equal(got[1].At) || got[0].Body != got[1].Body || got[0].Subject == "" {
			p.Errorf("%+v", got)
		}
	})
}

func TestNothingIsSentLateOrToTheErased(t *testing.T) {
	eachPost(t, func(p *post) {
		p.put(id.New(), p.code())
		p.clock.Advance(6 * time.Minute)
		if err := p.runner.Drain(p.Context()); err != nil {
			p.Fatal(err)
		}
		p.became("failed 1 late")
		if n, err := p.Unsent(p.Context(), p.clock.Now().Add(-time.Hour)); n != 1 || err != nil {
			p.Errorf("%d unsent, %v", n, err)
		}
		p.put(id.New(), p.code())
		p.do(func(tx *db.Tx) error { Erase(tx, p.key.Subject); return nil })
		if err := p.runner.Drain(p.Context()); err != nil {
			p.Fatal(err)
		}
		if len(p.text.got) != 0 {
			p.Errorf("sent %+v", p.text.got)
		}
	})
}
