package signature

// WarningCode names one kind of [Warning]. The values are stable, for output that programs read.
type WarningCode string

// What is accepted although it is not as Pocketbook writes it.
const (
	WarnHeaderLines     WarningCode = "header-lines"     // the header came more than once
	WarnHeaderSpace     WarningCode = "header-space"     // spaces or tabs around a comma or an equals sign
	WarnHeaderToken     WarningCode = "header-token"     // a trailing comma, or a part that is not name=value
	WarnHeaderTimeTwice WarningCode = "header-t-twice"   // t came more than once, each time the same
	WarnHeaderUppercase WarningCode = "header-uppercase" // v1 is in uppercase hex
	WarnHeaderSignature WarningCode = "header-v1"        // a v1 is no signature, beside one that is
	WarnBodyEmpty       WarningCode = "body-empty"       // there is no body
	WarnBodyBOM         WarningCode = "body-bom"         // the body begins with a byte order mark
	WarnBodyNotUTF8     WarningCode = "body-not-utf8"    // the body is not UTF-8
	WarnSecretPrefix    WarningCode = "secret-prefix"    // the secret does not begin with SecretPrefix
	WarnSecretSpace     WarningCode = "secret-space"     // white space or a line break around the secret
	WarnSecretQuotes    WarningCode = "secret-quotes"    // quotes around the secret
)

// Warning is something that is valid but unlike Pocketbook's own deliveries, so other receivers may refuse it.
type Warning struct {
	Code   WarningCode
	Detail string // the evidence, cut to a bounded length; empty where the code says it all or the evidence is secret
}

// String returns one sentence for a person. Evidence from outside is quoted in it, so it holds no control characters.
func (w Warning) String() string {
	sentence := w.sentence()
	if w.Detail == "" {
		return sentence
	}
	return sentence + ": " + w.Detail
}

func (w Warning) sentence() string {
	switch w.Code {
	case WarnHeaderLines:
		return "the signature header came more than once; each line was verified by itself"
	case WarnHeaderSpace:
		return "the signature header has white space between its parts; some receivers refuse that"
	case WarnHeaderToken:
		return "the signature header has a part that is not name=value; it was skipped"
	case WarnHeaderTimeTwice:
		return "the signature header has the same t twice"
	case WarnHeaderUppercase:
		return "the signature header has a v1 in uppercase hex; some receivers compare it as text and refuse it"
	case WarnHeaderSignature:
		return "the signature header has a v1 that is not 64 hex digits; it was skipped"
	case WarnBodyEmpty:
		return "the body is empty"
	case WarnBodyBOM:
		return "the body begins with a byte order mark, which is signed as part of it"
	case WarnBodyNotUTF8:
		return "the body is not UTF-8; receivers that turn it into text compute another signature"
	case WarnSecretPrefix:
		return "the secret does not begin with " + SecretPrefix + ", as those of Pocketbook do"
	case WarnSecretSpace:
		return "the secret has white space or a line break around it, which is used as part of it"
	case WarnSecretQuotes:
		return "the secret has quotes around it, which are used as part of it"
	default:
		return string(w.Code)
	}
}
