package blob

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Storage holds bytes by name. Every implementation passes the same
// conformance test. Names are 64 lowercase hexadecimal digits. All methods are
// safe for concurrent use; failures of the storage are [errs.Unavailable].
type Storage interface {
	// Put stores exactly size bytes of r, at least one, under name, whole or not at all, and
	// durably; what stood there before is replaced.
	Put(ctx context.Context, name string, size int64, r io.Reader) error
	// Range reads n bytes from an offset; n < 0 reads to the end, and a range
	// past the end is cut. [errs.NotFound] where there is no such name.
	Range(ctx context.Context, name string, from, n int64) (io.ReadCloser, error)
	// Stat tells size and age; [errs.NotFound] where there is no such name.
	Stat(ctx context.Context, name string) (Info, error)
	// Delete removes the bytes; a missing name is no error.
	Delete(ctx context.Context, name string) error
	// List yields what is stored in the order of names, after the given one.
	List(ctx context.Context, after string) iter.Seq2[Info, error]
	// Ready tells whether something can be stored now; it leaves nothing behind.
	Ready(ctx context.Context) error
}

// Info describes stored bytes.
type Info struct {
	Name     string
	Size     int64
	Modified time.Time
}

// storageName is where the bytes of one file (or of one of its variants) are
// kept: HMAC-SHA256 of owner, row, variant and content under the installation's key.
func storageName(key []byte, owner, blob id.ID, variant string, content []byte) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("okno-blob-v1\x00"))
	m.Write(owner[:])
	m.Write(blob[:])
	m.Write([]byte(variant + "\x00"))
	m.Write(content)
	return hex.EncodeToString(m.Sum(nil))
}

// checkName keeps anything but our own names away from paths.
func checkName(name string) error {
	if len(name) != 64 {
		return errs.Wrap(errs.Internal, fmt.Errorf("blob: name of %d characters", len(name)))
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return errs.Wrap(errs.Internal, fmt.Errorf("blob: %q in a name", c))
		}
	}
	return nil
}

// exactly fails when r gives fewer or more than n bytes.
type exactly struct {
	r io.Reader
	n int64
}

var errSize = fmt.Errorf("blob: content does not have the size that was said")

func (e *exactly) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.n -= int64(n)
	if e.n < 0 || err == io.EOF && e.n > 0 {
		return 0, errSize
	}
	return n, err
}

// limited is a reader of part of something that must be closed.
type limited struct {
	io.Reader
	io.Closer
}

func notFound(name string) error {
	return errs.Wrap(errs.NotFound, fmt.Errorf("blob: no content %.8s…", name))
}

func unavailable(doing string, err error) error {
	return errs.Wrap(errs.Unavailable, fmt.Errorf("blob: %s: %w", doing, err))
}
