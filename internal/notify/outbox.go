package notify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/vault"
)

// Channel is a way out of the portal.
type Channel string

// Channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// State is what became of a message.
type State string

// States. Unknown is one that may have reached its reader: it is not repeated
// where a repeat would come twice.
const (
	Queued  State = "queued"
	Sent    State = "sent"
	Failed  State = "failed"
	Unknown State = "unknown"
)

// Message is one for one event on one channel.
type Message struct {
	Event   id.ID // with Channel it names the message
	Channel Channel
	Kind    string // of [Kinds]
	Lang    string
	Address string // e-mail address, or E.164
	Args    map[string]string
	Until   time.Time // after it the message is of no use
}

// words are the keys of a kind's sentences and how it is repeated.
type words struct {
	subject, email, sms string // keys; "": not on that channel
	retry               retry
}

// retry is a kind's policy: how often it is tried, and the waits between.
type retry struct {
	tries          int
	first, longest time.Duration // the wait doubles from first to longest
}

func (r retry) wait(tries int64) time.Duration {
	d := r.first
	for range tries - 1 {
		if d *= 2; d >= r.longest {
			return r.longest
		}
	}
	return d
}

// Somebody waits at the screen for a code; a letter has days.
var (
	atOnce = retry{8, 2 * time.Second, time.Minute}
	inTime = retry{20, 5 * time.Second, time.Hour}
)

var kinds = map[string]words{
	"signup_code":  {sms: "message.signup_code", retry: atOnce},
	"signup_taken": {subject: "message.signup_taken_subject", email: "message.signup_taken_email", sms: "message.signup_taken_sms", retry: atOnce},
	"signup_link":  {subject: "message.signup_link_subject", email: "message.signup_link_email", retry: inTime},
}

// MessageID names the message of an event on a channel.
func MessageID(event id.ID, channel Channel) id.ID {
	sum := sha256.Sum256(append(event[:], channel...))
	out := id.ID(sum[:16])
	out[6], out[8] = out[6]&0x0f|0x80, out[8]&0x3f|0x80 // RFC 9562, version 8: made of other values
	return out
}

// Text is a message ready to be sent.
type Text struct {
	ID            id.ID
	To            string
	Subject, Body string // SMS have no subject
	At            time.Time
	Valid         time.Duration // how long it is of use
}

// Sender hands a text over. An error without an outcome of packages mail or
// smpp is a failure that may pass.
type Sender interface {
	Send(ctx context.Context, t Text) error
}

// OutboxConfig is what an [Outbox] needs. A channel without a sender is not offered.
type OutboxConfig struct {
	DB      *db.DB
	Clock   clock.Clock
	Vault   *vault.Vault
	Log     *slog.Logger
	Senders map[Channel]Sender
	Timeout time.Duration // of one try; 0: 20 s
}

// Outbox sends messages to the outside.
type Outbox struct{ cfg OutboxConfig }

// NewOutbox makes the outbox; [Outbox.Register] starts what sends.
func NewOutbox(c OutboxConfig) *Outbox {
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Outbox{c}
}

// Has tells whether a channel is set up.
func (o *Outbox) Has(c Channel) bool { return o.cfg.Senders[c] != nil }

// SendJob is the kind of the job that sends one message.
const SendJob = "notify.send"

// Register names the job that sends.
func (o *Outbox) Register(r *jobs.Runner) { r.Register(SendJob, o.send, jobs.Outbound()) }

// Send puts a message down in the caller's transaction; it is sent after the
// commit. key seals it; the caller keeps the key in the same transaction. A
// repeat of the same event and channel changes nothing.
func (o *Outbox) Send(tx *db.Tx, key *vault.Key, m Message) error {
	w, ok := kinds[m.Kind]
	if !ok || m.Channel == Email && w.email == "" || m.Channel == SMS && w.sms == "" {
		return errs.Wrap(errs.Internal, fmt.Errorf("notify: no message %q by %s", m.Kind, m.Channel))
	}
	name := MessageID(m.Event, m.Channel)
	args, err := json.Marshal(m.Args)
	if err != nil {
		return err
	}
	address, err := key.Seal("notify_message", name, "address", []byte(m.Address))
	if err != nil {
		return err
	}
	if args, err = key.Seal("notify_message", name, "args", args); err != nil {
		return err
	}
	tx.Queue(`INSERT INTO notify_message (id, channel, kind, lang, subject, address, args, state, tries, reason, made_at, tried_at, settled_at, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9, 0, 0, $10) ON CONFLICT (id) DO NOTHING`,
		name, string(m.Channel), m.Kind, m.Lang, key.Subject, address, args, string(Queued), clock.Milli(o.cfg.Clock.Now()), clock.Milli(m.Until))
	tx.Job(db.Job{Kind: SendJob, Lane: db.Urgent, Unique: name.String(), Body: name})
	return nil
}

// stored is a message as its row keeps it.
type stored struct {
	channel              Channel
	kind, lang           string
	subject              id.ID
	address, args        []byte
	state                State
	tries, madeAt, until int64
}

func (o *Outbox) send(ctx context.Context, run jobs.Run) error {
	var name id.ID
	if err := run.Decode(&name); err != nil {
		return err
	}
	m, err := db.One(ctx, o.cfg.DB, func(s db.Scanner) (m stored, err error) {
		return m, s.Scan(&m.channel, &m.kind, &m.lang, &m.subject, &m.address, &m.args, &m.state, &m.tries, &m.madeAt, &m.until)
	}, `SELECT channel, kind, lang, subject, address, args, state, tries, made_at, until FROM notify_message WHERE id = $1`, name)
	if errs.Is(err, errs.NotFound) || err == nil && m.state != Queued { // erased, or settled by a run whose end was lost
		return nil
	}
	if err != nil {
		return err
	}
	now := o.cfg.Clock.Now()
	if !now.Before(clock.FromMilli(m.until)) {
		return o.settle(ctx, run, name, m, Failed, "late", 0)
	}
	text, err := o.text(ctx, name, m)
	if errs.Is(err, errs.Gone) {
		return o.settle(ctx, run, name, m, Failed, "erased", 0)
	}
	if err != nil {
		return err
	}
	sender := o.cfg.Senders[m.channel]
	if sender == nil { // the channel was taken away meanwhile
		return o.settle(ctx, run, name, m, Failed, "no_channel", 0)
	}
	try, cancel := context.WithTimeout(ctx, o.cfg.Timeout)
	defer cancel()
	err = sender.Send(try, text)
	if err != nil && ctx.Err() != nil {
		return err // the process stops
	}
	state, reason := outcome(m.channel, err)
	if err != nil {
		// The error tells neither address nor text: packages mail and smpp promise it.
		o.cfg.Log.WarnContext(ctx, "notify: message not sent", "message", name, "channel", string(m.channel), "kind", m.kind, "try", m.tries+1, "error", err)
	}
	wait := time.Duration(0)
	if state == Queued {
		policy := kinds[m.kind].retry
		wait = policy.wait(m.tries + 1)
		switch {
		case int(m.tries)+1 >= policy.tries:
			state = Failed
		case !now.Add(wait).Before(clock.FromMilli(m.until)):
			state = Failed
		}
	}
	return o.settle(context.WithoutCancel(ctx), run, name, m, state, reason, wait)
}

// settle writes what became of a try, and with it ends the job; a message that
// is still queued gets a job for its next try.
func (o *Outbox) settle(ctx context.Context, run jobs.Run, name id.ID, m stored, state State, reason string, wait time.Duration) error {
	now := o.cfg.Clock.Now()
	return db.Do(ctx, o.cfg.DB, db.People, func(tx *db.Tx) error {
		run.Done(tx)
		if state == Queued {
			tx.Queue(`UPDATE notify_message SET tries = tries + 1, reason = $2, tried_at = $3 WHERE id = $1`, name, reason, clock.Milli(now))
			tx.Job(db.Job{Kind: SendJob, Lane: db.Urgent, RunAt: now.Add(wait), Body: name})
			return nil
		}
		tx.Queue(`UPDATE notify_message SET state = $2, tries = tries + 1, reason = $3, tried_at = $4, settled_at = $4, args = $5 WHERE id = $1`,
			name, string(state), reason, clock.Milli(now), []byte{})
		return nil
	})
}

func (o *Outbox) text(ctx context.Context, name id.ID, m stored) (Text, error) {
	key, err := o.cfg.Vault.Subject(ctx, m.subject)
	if err != nil {
		return Text{}, err
	}
	to, err := key.Open("notify_message", name, "address", m.address)
	if err != nil {
		return Text{}, err
	}
	plain, err := key.Open("notify_message", name, "args", m.args)
	if err != nil {
		return Text{}, err
	}
	var values map[string]string
	if err := json.Unmarshal(plain, &values); err != nil {
		return Text{}, errs.Wrap(errs.Internal, errors.New("notify: arguments of a message are damaged"))
	}
	args := i18n.Args{}
	for k, v := range values {
		args[k] = v
	}
	w := kinds[m.kind]
	t := Text{ID: name, To: string(to), At: clock.FromMilli(m.madeAt), Valid: clock.FromMilli(m.until).Sub(o.cfg.Clock.Now())}
	if m.channel == SMS {
		t.Body = i18n.T(m.lang, w.sms, args)
	} else {
		t.Subject, t.Body = i18n.T(m.lang, w.subject, args), i18n.T(m.lang, w.email, args)
	}
	return t, nil
}

// Count is how many messages of a kind stand in a state.
type Count struct {
	Channel Channel
	Kind    string
	State   State
	Reason  string
	Number  int64
}

// Outcomes counts messages by what became of them.
func (o *Outbox) Outcomes(ctx context.Context) ([]Count, error) {
	return db.All(ctx, o.cfg.DB, func(s db.Scanner) (c Count, err error) {
		return c, s.Scan(&c.Channel, &c.Kind, &c.State, &c.Reason, &c.Number)
	}, `SELECT channel, kind, state, reason, COUNT(*) FROM notify_message GROUP BY channel, kind, state, reason ORDER BY channel, kind, state, reason`)
}

// Unsent counts messages since a moment that failed, or of which nobody knows.
func (o *Outbox) Unsent(ctx context.Context, since time.Time) (int64, error) {
	return db.One(ctx, o.cfg.DB, db.Int, `SELECT COUNT(*) FROM notify_message WHERE settled_at >= $1 AND state IN ($2, $3)`,
		clock.Milli(since), string(Failed), string(Unknown))
}

// kept is how long it is told what became of a message.
const kept = 90 * 24 * time.Hour

// Clean removes messages that were settled long ago. The program calls it every
// hour; nothing relies on it.
func (o *Outbox) Clean(ctx context.Context) error {
	before := clock.Milli(o.cfg.Clock.Now().Add(-kept))
	return db.Do(ctx, o.cfg.DB, db.Background, func(tx *db.Tx) error {
		tx.Queue(`DELETE FROM notify_message WHERE settled_at > 0 AND settled_at <= $1`, before)
		return nil
	})
}
