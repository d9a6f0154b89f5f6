package capture

import (
	"net/url"
	"strings"
)

// Credentials and addresses that are known by their shape, wherever they stand.
var (
	secretShape = lazily(`\b(?:whsec_[A-Za-z0-9+/=_-]+|(?:sk|pk|rk)_[A-Za-z0-9_]{8,}|gh[pousr]_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}\b)`)
	tokenShape  = lazily(`\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*|\b(?i:Bearer|Basic) +[A-Za-z0-9._~+/=-]{8,}`)
	emailShape  = lazily(`[\pL\pN._%+'-]+` + emailHost + `(?:[\pL\pN._%+'-]*` + emailHost + `)*`)
	linkShape   = lazily(`\bhttps?://[^\s"'<>\\]+`)
	givenShape  = lazily(`(?i)\b(?:password|passwd|pwd|passphrase|secret|api[_-]?key|token) ?[=:] ?[^\s&,;"'<>{}\[\]\\]+`)
)

// emailHost is what follows the name in an address. Addresses that touch are one: what stands for the first would grow into the second.
const emailHost = `(?:@|%40)[\pL\pN-]+(?:\.[\pL\pN-]+)+`

// text replaces by shape what stands within text of any kind, and goes into its links.
func (f *Redacted) text(text string) string {
	return f.shapes(linkShape().ReplaceAllStringFunc(text, f.url))
}

func (f *Redacted) shapes(text string) string {
	text = tokenShape().ReplaceAllStringFunc(text, func(token string) string {
		scheme, credentials, found := strings.Cut(token, " ")
		if !found {
			return f.take(&f.Tokens, token, redactedText)
		}
		rest := strings.TrimLeft(credentials, " ")
		return scheme + token[len(scheme):len(token)-len(rest)] + f.take(&f.Tokens, rest, redactedText)
	})
	text = secretShape().ReplaceAllStringFunc(text, func(secret string) string {
		if strings.HasPrefix(secret, "whsec_") {
			return f.take(&f.Secrets, secret, redactedSecret)
		}
		return f.take(&f.Secrets, secret, redactedText)
	})
	text = givenShape().ReplaceAllStringFunc(text, func(given string) string {
		at := strings.IndexAny(given, "=:") + 1
		value := strings.TrimPrefix(given[at:], " ")
		return given[:len(given)-len(value)] + f.value(kindOf(given[:at], ""), value)
	})
	return emailShape().ReplaceAllStringFunc(text, func(address string) string {
		if strings.Replace(address, "%40", "@", 1) == redactedEmail {
			return address
		}
		return f.take(&f.Emails, address, redactedEmail)
	})
}

// url replaces in the user, the query and the fragment, and by shape in the path.
func (f *Redacted) url(address string) string {
	before, fragment, hasFragment := strings.Cut(address, "#")
	before, query, hasQuery := strings.Cut(before, "?")
	if scheme, rest, found := strings.Cut(before, "://"); found {
		host, path, hasPath := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			host = f.take(&f.Secrets, host[:at], redactedText) + host[at:]
		}
		before = scheme + "://" + host
		if hasPath {
			before += "/" + f.path(path)
		}
	} else {
		before = f.path(before)
	}
	if hasQuery {
		before += "?" + f.query(query)
	}
	if hasFragment && strings.Contains(fragment, "=") {
		before += "#" + f.query(fragment)
	} else if hasFragment {
		before += "#" + f.take(&f.Tokens, fragment, redactedText)
	}
	return before
}

func (f *Redacted) path(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = f.escaped(segment, keepKind)
	}
	return strings.Join(segments, "/")
}

// query replaces values of "name=value&…", as they stand in a URL and in the body of a form.
func (f *Redacted) query(query string) string {
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, found := strings.Cut(part, "=")
		if !found {
			parts[i] = f.escaped(part, keepKind)
			continue
		}
		parts[i] = f.escaped(name, keepKind) + "=" + f.escaped(value, kindOfParameter(unescaped(name)))
	}
	return strings.Join(parts, "&")
}

// escaped looks at what an escaped text means, and writes it anew only where something was taken out.
func (f *Redacted) escaped(text string, kind kind) string {
	plain := unescaped(text)
	if changed := f.value(kind, plain); changed != plain {
		return url.QueryEscape(changed)
	}
	return text
}

// isForm tells the body of a form from other text: pairs, and nothing that a form would escape.
func isForm(text string) bool {
	return strings.Contains(text, "=") && !strings.ContainsAny(text, " \t\r\n\"'<>{}")
}
