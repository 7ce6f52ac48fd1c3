package signature

import "errors"

// Limits of what is read at all.
const (
	MaxSignature      = 64 << 20 // bytes of a CMS message, attached content included
	MaxCertificates   = 32       // in one message
	maxDepth          = 32       // of nested elements
	maxElements       = 1 << 22  // a message may carry whole revocation lists
	maxAnswer         = 64 << 20 // bytes of a CRL; the largest lists of the field have some 30 MB
	maxOCSP           = 1 << 20
	maxAttributes     = 64
	maxPath           = 8   // certificates in a chain, the signer's and the root's included
	maxChecks         = 100 // signatures of certificates tried while a chain is looked for
	maxTried          = 32  // OCSP responses looked at for one verdict
	maxResponderCerts = 8   // in one OCSP response
)

var (
	errBER      = errors.New("signature: not BER")
	errTooDeep  = errors.New("signature: elements nested too deeply")
	errTooMany  = errors.New("signature: too many elements")
	errTrailing = errors.New("signature: bytes after the end")
)

// toDER rewrites BER as DER as far as parsing and hashing need it: lengths are
// definite and shortest, strings of octets are in one piece. Nothing else is
// changed, the order of sets least of all: what was signed over must stay.
// CryptoPro writes messages of indefinite length. An input that is DER comes
// back as it is.
func toDER(ber []byte) ([]byte, error) {
	w := derWriter{in: ber}
	w.out = make([]byte, 0, len(ber)+64)
	end, err := w.element(0, 0)
	if err != nil {
		return nil, err
	}
	if end != len(ber) {
		return nil, errTrailing
	}
	return w.out, nil
}

type derWriter struct {
	in, out []byte
	count   int
}

// header reads tag and length at i; length −1 is indefinite.
func (w *derWriter) header(i int) (tag byte, length, body int, err error) {
	if i+2 > len(w.in) {
		return 0, 0, 0, errBER
	}
	tag = w.in[i]
	if tag&0x1f == 0x1f { // of several bytes; nothing that is read here has such
		return 0, 0, 0, errBER
	}
	n := int(w.in[i+1])
	i += 2
	switch {
	case n < 0x80:
		length = n
	case n == 0x80:
		if tag&0x20 == 0 {
			return 0, 0, 0, errBER
		}
		return tag, -1, i, nil
	default:
		n &= 0x7f
		if n > len(w.in)-i {
			return 0, 0, 0, errBER
		}
		for _, b := range w.in[i : i+n] {
			if length > len(w.in) {
				return 0, 0, 0, errBER
			}
			length = length<<8 | int(b)
		}
		i += n
	}
	if length > len(w.in)-i {
		return 0, 0, 0, errBER
	}
	return tag, length, i, nil
}

// element copies the element at i and gives where it ends.
func (w *derWriter) element(i, depth int) (int, error) {
	if depth > maxDepth {
		return 0, errTooDeep
	}
	if w.count++; w.count > maxElements {
		return 0, errTooMany
	}
	tag, length, body, err := w.header(i)
	if err != nil {
		return 0, err
	}
	if tag&0x20 == 0 { // primitive
		if tag == 0 { // the end of something that has none
			return 0, errBER
		}
		w.writeHeader(len(w.out), tag, length)
		w.out = append(w.out, w.in[body:body+length]...)
		return body + length, nil
	}
	start := len(w.out)
	if length >= 0 && tag != 0x24 { // mostly the length stays; then nothing is moved
		w.writeHeader(start, tag, length)
	}
	head := len(w.out)
	if tag == 0x24 { // an OCTET STRING in pieces
		end, err := w.pieces(body, length, depth)
		if err != nil {
			return 0, err
		}
		w.writeHeader(start, 0x04, len(w.out)-start)
		return end, nil
	}
	if tag&0xc0 == 0 && tag != 0x30 && tag != 0x31 { // other strings in pieces
		return 0, errBER
	}
	end, err := w.each(body, length, func(i int) (int, error) { return w.element(i, depth+1) })
	if err != nil {
		return 0, err
	}
	if size := len(w.out) - head; size != length {
		w.out = append(w.out[:start], w.out[head:]...)
		w.writeHeader(start, tag, size)
	}
	return end, nil
}

// each walks what stands in a constructed element and gives where it ends.
func (w *derWriter) each(i, length int, do func(int) (int, error)) (int, error) {
	end := i + length
	for length < 0 || i < end {
		if length < 0 {
			if i+2 > len(w.in) {
				return 0, errBER
			}
			if w.in[i] == 0 && w.in[i+1] == 0 {
				return i + 2, nil
			}
		}
		next, err := do(i)
		if err != nil {
			return 0, err
		}
		i = next
	}
	if i != end {
		return 0, errBER
	}
	return end, nil
}

// pieces joins the pieces of an OCTET STRING.
func (w *derWriter) pieces(i, length, depth int) (int, error) {
	if depth > maxDepth {
		return 0, errTooDeep
	}
	return w.each(i, length, func(i int) (int, error) {
		if w.count++; w.count > maxElements {
			return 0, errTooMany
		}
		tag, length, body, err := w.header(i)
		switch {
		case err != nil:
			return 0, err
		case tag == 0x24:
			return w.pieces(body, length, depth+1)
		case tag != 0x04:
			return 0, errBER
		}
		w.out = append(w.out, w.in[body:body+length]...)
		return body + length, nil
	})
}

// writeHeader puts tag and length at i, before what stands there.
func (w *derWriter) writeHeader(i int, tag byte, length int) {
	head := [6]byte{tag, byte(length)}
	n := 2
	if length >= 0x80 {
		n = 2
		for size := length; size > 0; size >>= 8 {
			n++
		}
		head[1] = 0x80 | byte(n-2)
		for k, rest := n-1, length; k >= 2; k-- {
			head[k] = byte(rest)
			rest >>= 8
		}
	}
	w.out = append(w.out, head[:n]...)
	if i < len(w.out)-n {
		copy(w.out[i+n:], w.out[i:len(w.out)-n])
		copy(w.out[i:], head[:n])
	}
}
