package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// secretOf is a secret's text, which is shown once, and the hash that is stored.
type secretOf struct {
	text string
	hash []byte
}

// secret makes 32 random bytes. Secrets are never UUIDs.
func secret() secretOf {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: it ends the program where the system has no randomness
	text := base64.RawURLEncoding.EncodeToString(b)
	return secretOf{text, hashOf(text)}
}

// hashOf is what is stored of a secret. 256 random bits need no salt or stretching.
func hashOf(text string) []byte {
	h := sha256.Sum256([]byte(text))
	return h[:]
}

// plausible tells whether text could be a secret of ours, so that long rubbish costs no query.
func plausible(text string) bool { return len(text) == 43 }
