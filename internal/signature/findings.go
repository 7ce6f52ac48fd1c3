package signature

// Code names a finding. The sentence for people is "signature." + code in the
// catalogues of words.
type Code string

// What can be wrong with a message or what is to be known about it. The
// comment names the arguments.
const (
	// The message.
	TooLarge            Code = "too_large"             // Megabytes
	Malformed           Code = "malformed"             // not BER, broken off, nested too deeply
	NotSigned           Code = "not_signed"            // CMS, but not SignedData
	ContentMissing      Code = "content_missing"       // detached, and the document was not handed in
	ContentDiffers      Code = "content_differs"       // attached another document than the one handed in
	TooManyCertificates Code = "too_many_certificates" // Max
	NoSigner            Code = "no_signer"
	SeveralSigners      Code = "several_signers"    // Number
	UnknownDigest       Code = "unknown_digest"     // OID
	UnknownAlgorithm    Code = "unknown_algorithm"  // OID
	AlgorithmMismatch   Code = "algorithm_mismatch" // key, signature and digest do not belong together

	// Signed attributes.
	AttributesMissing         Code = "attributes_missing"
	AttributeMissing          Code = "attribute_missing"   // OID
	AttributeDuplicate        Code = "attribute_duplicate" // OID
	AttributeMalformed        Code = "attribute_malformed" // OID
	ContentTypeDiffers        Code = "content_type_differs"
	DigestDiffers             Code = "digest_differs" // the document was altered
	SigningCertificateMissing Code = "signing_certificate_missing"
	SigningCertificateDiffers Code = "signing_certificate_differs"
	SigningCertificateOld     Code = "signing_certificate_old" // by SHA-1 alone
	SignatureWrong            Code = "signature_wrong"
	SignedInFuture            Code = "signed_in_future" // Time
	StampWrong                Code = "stamp_wrong"      // the time stamp does not hold and counts for nothing

	// Certificates. Name is the subject's.
	SignerUnknown        Code = "signer_unknown" // no certificate of the signer
	CertificateMalformed Code = "certificate_malformed"
	CertificateForged    Code = "certificate_forged"  // Name: its issuer did not sign it
	KeyMalformed         Code = "key_malformed"       // Name
	KeyWeak              Code = "key_weak"            // Name
	KeyUsage             Code = "key_usage"           // Name
	ChainBroken          Code = "chain_broken"        // Name of the signer, Issuer that is not found
	NotYetValid          Code = "not_yet_valid"       // Name, Time
	Expired              Code = "expired"             // Name, Time
	PrivateKeyExpired    Code = "private_key_expired" // Name, Time
	NotAuthority         Code = "not_authority"       // Name: signs certificates without being a CA
	PathTooLong          Code = "path_too_long"       // Name
	UnknownCritical      Code = "unknown_critical"    // Name, OID
	NamesConstrained     Code = "names_constrained"   // Name; such limits are not checked here

	// Revocation.
	Revoked           Code = "revoked"            // Name, Time
	RevokedLater      Code = "revoked_later"      // Name, Time: after the moment that counts
	RevocationUnknown Code = "revocation_unknown" // Name
	RevocationStale   Code = "revocation_stale"   // Name
	RevocationForeign Code = "revocation_foreign" // Name: the answer is not signed by who may
	RevocationBroken  Code = "revocation_broken"  // Name

	// The qualified signature (63-ФЗ art. 5, 11, 17).
	NotGOST            Code = "not_gost"
	NotAccredited      Code = "not_accredited"      // Name
	NotAccreditedThen  Code = "not_accredited_then" // Name, Time
	PolicyMissing      Code = "policy_missing"
	SubjectToolMissing Code = "subject_tool_missing"
	IssuerToolMissing  Code = "issuer_tool_missing"
	SNILSAbsent        Code = "snils_absent"
	SNILSDiffers       Code = "snils_differs"
	SNILSMalformed     Code = "snils_malformed" // Number
	INNMalformed       Code = "inn_malformed"   // Number
	OGRNMalformed      Code = "ogrn_malformed"  // Number, of an organisation or an entrepreneur
	NumberTwice        Code = "number_twice"    // Number: stands beside another of its kind
)

// A Finding is one thing found. It refuses the signature unless it is a note.
type Finding struct {
	Code Code           `json:"code"`
	Args map[string]any `json:"args,omitempty"` // strings, integers, [time.Time]
	Note bool           `json:"note,omitempty"`
}

// Key is the key of the sentence in the catalogues of words.
func (f Finding) Key() string { return "signature." + string(f.Code) }

// findings gathers them. Pairs are names and values of arguments.
type findings struct{ list []Finding }

func (f *findings) refuse(code Code, pairs ...any) { f.put(code, false, pairs) }
func (f *findings) note(code Code, pairs ...any)   { f.put(code, true, pairs) }

func (f *findings) put(code Code, note bool, pairs []any) {
	one := Finding{Code: code, Note: note}
	for i := 0; i+1 < len(pairs); i += 2 {
		if one.Args == nil {
			one.Args = map[string]any{}
		}
		one.Args[pairs[i].(string)] = pairs[i+1]
	}
	f.list = append(f.list, one)
}

func (f *findings) refused() bool { return f.refusals() > 0 }

func (f *findings) refusals() (n int) {
	for _, one := range f.list {
		if !one.Note {
			n++
		}
	}
	return n
}
