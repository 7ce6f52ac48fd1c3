package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"okno/internal/platform/obs"
	"okno/internal/platform/web"
)

const (
	// leastFree is what a disk must have free. Below it no form with attachments
	// is certain to find room, and SQLite's log may not.
	leastFree = 16 << 20
	// askedEvery is how old an answer of /readyz may be: whoever polls it costs
	// one small write in this time, however often they poll.
	askedEvery = 3 * time.Second
	// askedFor bounds one look; who polls waits shorter.
	askedFor = 20 * time.Second
)

// Parts of an installation that /readyz names.
const (
	partDatabase    = "database"
	partAttachments = "attachments"
	partData        = "data_folder"
)

// makeChecks are those of /readyz: each writes, because a full disk can still be read.
func (a *App) makeChecks() map[string]web.Check {
	out := map[string]web.Check{}
	for name, check := range map[string]web.Check{
		partDatabase:    a.DB.Probe,
		partAttachments: a.attachmentsReady,
		partData:        func(context.Context) error { return roomIn(a.Config.Data) },
	} {
		out[name] = (&lately{check: check, every: askedEvery}).ask
	}
	return out
}

func (a *App) attachmentsReady(ctx context.Context) error {
	if a.Config.S3Endpoint == "" {
		if err := roomIn(a.Config.Path(filesDir)); err != nil {
			return err
		}
	}
	return a.Blobs.Storage().Ready(ctx)
}

// roomIn fails where the disk of a folder is as good as full.
func roomIn(dir string) error {
	free, err := obs.DiskFree(dir)
	if err == nil && free < leastFree {
		err = fmt.Errorf("%d MB free in %s, %d MB are the least", free>>20, dir, leastFree>>20)
	}
	return err
}

// lately asks a check one at a time and keeps the answer for a while.
type lately struct {
	check web.Check
	every time.Duration

	mu    sync.Mutex
	asked time.Time
	err   error
	busy  chan struct{} // closed when the look that runs is over; nil where none does
}

func (l *lately) ask(ctx context.Context) error {
	l.mu.Lock()
	if l.busy == nil && !l.asked.IsZero() && time.Since(l.asked) < l.every {
		defer l.mu.Unlock()
		return l.err
	}
	if l.busy == nil {
		l.busy = make(chan struct{})
		go l.look(l.busy)
	}
	busy := l.busy
	l.mu.Unlock()
	select {
	case <-busy:
	case <-ctx.Done():
		return fmt.Errorf("no answer yet: %w", context.Cause(ctx))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// look outlives who asked first: others wait for it too.
func (l *lately) look(done chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), askedFor)
	defer cancel()
	err := l.check(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err, l.asked, l.busy = err, time.Now(), nil
	close(done)
}

// diskFree is what the disks have free, by the part that is on them.
func (a *App) diskFree(context.Context) (map[string]float64, error) {
	dirs := map[string]string{partData: a.Config.Data}
	if a.Config.S3Endpoint == "" {
		dirs[partAttachments] = a.Config.Path(filesDir)
	}
	out := map[string]float64{}
	for part, dir := range dirs {
		free, err := obs.DiskFree(dir)
		if err != nil {
			return nil, err
		}
		out[part] = float64(free)
	}
	return out, nil
}
