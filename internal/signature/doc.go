// Package signature says what an electronic signature is worth: it verifies CMS
// messages (RFC 5652) of the form CAdES-BES (RFC 5126), attached and detached,
// with GOST R 34.10-2012, RSA and ECDSA; chains of certificates, their
// revocation, and whether the signature is qualified under 63-ФЗ.
//
// It is pure: documents, certificates, lists and answers are handed in, the
// moment too, and nothing is fetched. [Verify] answers with a [Verdict], which
// lists everything found as codes with arguments; the sentences stand in the
// catalogues of words under "signature.". There is one signer to a message: with
// several, nobody could say whose verdict it is, and the message is refused.
//
// What is checked:
//   - the message: BER is read as DER, sizes and depth are bounded
//     ([MaxSignature], [MaxCertificates]); the digest of the document; the
//     signed attributes, none of them twice, with content type, digest and the
//     signer's certificate among them (signing-certificate-v2; version 1, which
//     knows SHA-1 alone, passes with a note for RSA and ECDSA);
//   - the chain to a root of the [TrustList]: signatures, periods, key usage,
//     basic constraints, path length; certificates that limit names are refused;
//   - a time stamp over the signature (CAdES-T, RFC 3161): the moment it proves
//     counts, if it holds;
//   - revocation of all but the root by the lists and OCSP responses of a
//     [Source] and those in the message (CAdES-X Long);
//   - for the qualified signature: GOST keys, the authority's accreditation at
//     the moment, policy of the signing means (КС1 …), means of the signer and
//     of the authority, numbers of the person or organisation.
//
// What is not: stamps over archived proofs (CAdES-A) are passed over; delta and
// indirect lists; limits that authorities set to policies (RFC 5280, 6.1.4);
// whether a delegated OCSP responder is revoked itself; the XML signature of
// the ministry's list that [ParseTSL] reads. Without a time stamp the moment of
// signing is the one the caller vouches for, and the claimed one is only told.
package signature
