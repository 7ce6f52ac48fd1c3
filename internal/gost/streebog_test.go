package gost

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// The messages and digests of RFC 6986, 10; the RFC writes numbers from the
// highest byte, here bytes stand in the order of the message.
func TestStreebogKnownAnswers(t *testing.T) {
	m2, _ := hex.DecodeString("d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb")
	for _, c := range []struct {
		message []byte
		d512    string
		d256    string
	}{
		{[]byte("012345678901234567890123456789012345678901234567890123456789012"),
			"1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
			"9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"},
		{m2,
			"1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
			"9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"},
		{nil,
			"8e945da209aa869f0455928529bcae4679e9873ab707b55315f56ceb98bef0a7362f715528356ee83cda5f2aac4c6ad2ba3a715c1bcd81cb8e9f90bf4c1c1a8a",
			"3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb"},
	} {
		if got := Sum512(c.message); hex.EncodeToString(got[:]) != c.d512 {
			t.Errorf("512 of %q: %x", c.message, got)
		}
		if got := Sum256(c.message); hex.EncodeToString(got[:]) != c.d256 {
			t.Errorf("256 of %q: %x", c.message, got)
		}
	}
}

// However a message is cut, its digest is one, and asking for it changes nothing.
func TestStreebogInPieces(t *testing.T) {
	message := bytes.Repeat([]byte{0xff, 0, 0x80, 7, 1}, 77)
	want := Sum512(message)
	for step := 1; step < 200; step += 7 {
		h := New512()
		for i := 0; i < len(message); i += step {
			h.Write(message[i:min(i+step, len(message))])
			h.Sum(nil)
		}
		if got := h.Sum(nil); !bytes.Equal(got, want[:]) {
			t.Fatalf("in pieces of %d: %x", step, got)
		}
	}
	h := New256()
	h.Write(message)
	h.Reset()
	if got, want := h.Sum(nil), Sum256(nil); !bytes.Equal(got, want[:]) {
		t.Errorf("after Reset: %x", got)
	}
	if h.Size() != 32 || h.BlockSize() != 64 {
		t.Error("sizes")
	}
}

func BenchmarkStreebog256(b *testing.B) {
	data := make([]byte, 1<<16)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Sum256(data)
	}
}
