// Package gost has the Russian standard algorithms that signatures need: the
// hash Streebog (GOST R 34.11-2012, RFC 6986) with 256 and 512 bits, and the
// signature GOST R 34.10-2012 (RFC 7091) with keys of both sizes on the curves
// of RFC 4357 and RFC 7836. It is pure: no I/O but the source of randomness
// that is handed in.
//
// Bytes stand as X.509, CMS and OpenSSL have them (RFC 9215): a signature is
// big-endian s‖r, a public key little-endian X‖Y, and a digest is read as a
// little-endian number. CryptoPro's CSP gives a raw signature with all of its
// bytes in reverse: [Reverse] turns it.
//
// Nothing here runs in constant time: checking works on public values alone,
// but signing branches and reads memory by the secret number of each
// signature. It serves a program that signs on a machine of its own (a client
// of an identity provider, tests); a key that signs at a stranger's request,
// who can measure time, belongs in hardware.
package gost
