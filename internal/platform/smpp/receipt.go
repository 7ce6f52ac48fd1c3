package smpp

import (
	"encoding/binary"
	"strings"
)

// State is what became of a message at the centre or on its way to the phone.
type State string

// The states, as receipts write them (SMPP 3.4, appendix B).
const (
	Enroute       State = "ENROUTE"
	Delivered     State = "DELIVRD"
	Expired       State = "EXPIRED"
	Deleted       State = "DELETED"
	Undeliverable State = "UNDELIV"
	Accepted      State = "ACCEPTD"
	UnknownState  State = "UNKNOWN"
	Rejected      State = "REJECTD"
)

// stateNumbers are the values of message_state (section 5.2.28).
var stateNumbers = []State{1: Enroute, 2: Delivered, 3: Expired, 4: Deleted, 5: Undeliverable, 6: Accepted, 7: UnknownState, 8: Rejected}

// Final tells whether no other receipt follows.
func (s State) Final() bool {
	switch s {
	case Delivered, Expired, Deleted, Undeliverable, Rejected:
		return true
	}
	return false
}

// Receipt is what the centre tells of one segment. The same receipt may come
// twice, and before Send has returned the id.
type Receipt struct {
	ID      string // as the centre gave it in its answer to the submit
	State   State  // one of the states; UnknownState for a word that is none
	Err     string // the network's error, as written; "" none
	From    string // the phone
	Network string // network_error_code in hexadecimal: its first octet is the kind of network; "" none
}

// Receipts are marked in esm_class: bits 5 to 2 (section 5.2.12).
const (
	classKind         = 0x3c
	classReceipt      = 0x04
	classIntermediate = 0x20
	classUDH          = 0x40
)

// readReceipt takes a receipt out of a deliver_sm; false where it is none.
// Optional parameters go before what stands in the text.
func readReceipt(m short) (Receipt, bool) {
	id := m.options[tagReceiptedID]
	kind := m.class & classKind
	if kind != classReceipt && kind != classIntermediate && id == nil {
		return Receipt{}, false
	}
	text := m.text
	if len(text) == 0 {
		text = m.options[tagPayload]
	}
	r := receiptText(decodeReceipt(m.coding, text))
	r.From = m.from.Addr
	if id != nil {
		r.ID = strings.TrimRight(string(id), "\x00")
	}
	if v := m.options[tagMessageState]; len(v) == 1 && int(v[0]) < len(stateNumbers) && stateNumbers[v[0]] != "" {
		r.State = stateNumbers[v[0]]
	}
	if v := m.options[tagNetworkErrorCode]; len(v) == 3 {
		r.Network = hexByte(v[0]) + hexByte(v[1]) + hexByte(v[2])
	}
	if r.State == "" {
		r.State = UnknownState
	}
	return r, r.ID != ""
}

func hexByte(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

// decodeReceipt: receipts are ASCII, but some centres write them in UCS-2.
func decodeReceipt(coding byte, b []byte) string {
	if coding == codingUCS2 && len(b) > 1 && binary.BigEndian.Uint16(b) < 0x100 {
		return decodeText(codingUCS2, b)
	}
	return string(b)
}

// receiptText reads "id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…".
// Names are taken in any case and order; what follows "text:" is the message's
// own and not looked at.
func receiptText(s string) Receipt {
	var r Receipt
	for _, word := range strings.Fields(s) {
		name, value, _ := strings.Cut(word, ":")
		switch strings.ToLower(name) {
		case "id":
			r.ID = value
		case "stat":
			r.State = stateOf(value)
		case "err":
			r.Err = value
		case "text":
			return r
		}
	}
	return r
}

func stateOf(word string) State {
	word = strings.ToUpper(word)
	for _, s := range stateNumbers[1:] {
		if string(s) == word {
			return s
		}
	}
	return UnknownState
}
