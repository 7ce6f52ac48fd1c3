package smsc

import (
	"context"
	"time"

	"okno/internal/platform/smpp"
)

// owe puts a receipt among those to be sent; where too many wait, the oldest is dropped.
func (c *Centre) owe(d debt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.owed) == mostOwed {
		c.owed = c.owed[1:]
	}
	c.owed = append(c.owed, d)
	c.wake()
}

// pay gives the next receipt to send; ok is false where there is none or the
// mode holds them back. changed tells when to ask again.
func (c *Centre) pay() (d debt, ok bool, changed chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mode.Silent || len(c.owed) == 0 {
		return debt{}, false, c.owing
	}
	d = c.owed[0]
	c.owed = c.owed[1:]
	return d, true, c.owing
}

// deliver sends receipts to one client while it is bound. What it doesn't
// confirm is tried again after a while, here or over the next connection.
func (c *Centre) deliver(ctx context.Context, b *smpp.Bound) {
	for ctx.Err() == nil {
		d, ok, changed := c.pay()
		if !ok {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		err := b.Deliver(ctx, d.receipt, d.to, d.at)
		if err == nil {
			continue
		}
		if d.tries++; d.tries < mostTries {
			c.owe(d)
		} else {
			c.cfg.Log.Warn("short message centre: a receipt is given up", "message", d.receipt.ID, "error", err)
		}
		wait := time.NewTimer(retry)
		select {
		case <-wait.C:
		case <-ctx.Done():
		}
		wait.Stop()
	}
}
