package web

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Page sizes of lists, in pages and API.
const (
	PageSize    = 50
	MaxPageSize = 200
)

// Cursor is a place in a list: the sort values and the id of the last row
// shown. The next page begins after it.
type Cursor struct {
	Sort []any // string, int64, bool or nil, in the order of the sort columns
	ID   id.ID // the last key, which makes the order total
}

// Int is sort value i as a number; 0 where it isn't one.
func (c Cursor) Int(i int) int64 {
	if i < len(c.Sort) {
		if n, ok := c.Sort[i].(int64); ok {
			return n
		}
	}
	return 0
}

// Text is sort value i as text; "" where it isn't one.
func (c Cursor) Text(i int) string {
	if i < len(c.Sort) {
		if s, ok := c.Sort[i].(string); ok {
			return s
		}
	}
	return ""
}

const (
	cursorVersion = 2
	maxCursor     = 1024
)

// Cursors writes and reads cursors: (version, sort values, id, hash of the
// filter), sealed, because an id tells the moment at which its row was made and
// a sort value may be no reader's business. The same place has the same text:
// its nonce is a MAC of what is sealed.
type Cursors struct {
	nonce []byte // key
	seal  cipher.AEAD
}

// NewCursors derives the key of cursors from the installation's secret.
func NewCursors(secret []byte) (Cursors, error) {
	keys, err := hkdf.Key(sha256.New, secret, nil, "okno web cursor", 64)
	if err != nil {
		return Cursors{}, fmt.Errorf("web: derive key: %w", err)
	}
	block, err := aes.NewCipher(keys[32:])
	if err != nil {
		return Cursors{}, fmt.Errorf("web: cipher of cursors: %w", err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return Cursors{}, fmt.Errorf("web: cipher of cursors: %w", err)
	}
	return Cursors{keys[:32], seal}, nil
}

type cursorWire struct {
	V int    `json:"v"`
	S []any  `json:"s"`
	I id.ID  `json:"i"`
	F []byte `json:"f"`
}

// Encode writes c for a list that filter describes: any value that JSON writes
// the same way each time (name the list in it too). It panics where it can't
// be written, a mistake of the program.
func (s Cursors) Encode(c Cursor, filter any) string {
	raw, err := json.Marshal(cursorWire{cursorVersion, c.Sort, c.ID, filterHash(filter)})
	if err != nil {
		panic("web: cursor: " + err.Error())
	}
	nonce := s.mac(raw)
	return base64.RawURLEncoding.EncodeToString(s.seal.Seal(nonce, nonce, raw, nil))
}

// Decode reads a cursor made for the same filter; nil for the empty string. A
// forged one, one of another filter or of another version is an [errs.Invalid]
// on field "cursor".
func (s Cursors) Decode(text string, filter any) (*Cursor, error) {
	if text == "" {
		return nil, nil
	}
	bad := errs.InvalidFields(errs.Field{Name: "cursor", Rule: "cursor"})
	if len(text) > maxCursor {
		return nil, bad
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	n := s.seal.NonceSize()
	if err != nil || len(b) <= n {
		return nil, bad
	}
	raw, err := s.seal.Open(nil, b[:n], b[n:], nil)
	if err != nil {
		return nil, bad
	}
	var w cursorWire
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&w); err != nil || w.V != cursorVersion || !hmac.Equal(w.F, filterHash(filter)) {
		return nil, bad
	}
	c := &Cursor{ID: w.I, Sort: w.S}
	for i, v := range c.Sort {
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return nil, bad
			}
			c.Sort[i] = n
		case string, bool, nil:
		default:
			return nil, bad
		}
	}
	return c, nil
}

func (s Cursors) mac(raw []byte) []byte {
	h := hmac.New(sha256.New, s.nonce)
	h.Write(raw)
	return h.Sum(nil)[:s.seal.NonceSize()]
}

func filterHash(filter any) []byte {
	raw, err := json.Marshal(filter)
	if err != nil {
		panic("web: cursor filter: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return sum[:6]
}

// PageLimit is how many rows to show for an asked number; 0 asks for the usual.
func PageLimit(asked int) int {
	if asked <= 0 {
		return PageSize
	}
	return min(asked, MaxPageSize)
}
