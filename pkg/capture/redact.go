package capture

import (
	"slices"
	"strconv"
	"strings"
)

// Redacted counts what [Redact] took out of a request.
type Redacted struct {
	Secrets    int // webhook secrets, API keys, passwords
	Tokens     int // bearer tokens, JWTs, session cookies and other credentials
	Emails     int
	Names      int // of people
	Signatures int // v1 values, none of which holds any longer
	Unseen     int // bodies that could not be looked into, or not wholly: what they hold may still be in them
}

// Total is the number of all that was taken out; Unseen is no part of it.
func (f Redacted) Total() int { return f.Secrets + f.Tokens + f.Emails + f.Names + f.Signatures }

// Plus adds up what was taken out of two requests.
func (f Redacted) Plus(other Redacted) Redacted {
	return Redacted{
		Secrets: f.Secrets + other.Secrets, Tokens: f.Tokens + other.Tokens, Emails: f.Emails + other.Emails,
		Names: f.Names + other.Names, Signatures: f.Signatures + other.Signatures, Unseen: f.Unseen + other.Unseen,
	}
}

// What stands in place of what was taken out. None of it is taken out again.
const (
	redactedText   = "redacted"
	redactedSecret = "whsec_redacted"
	redactedEmail  = "redacted@example.com"
	redactedName   = "Redacted Name"
)

// Redact returns a copy of r without what must not leave the house: in the header, the query of the URL and the body,
// credentials by the name of their field and by their shape, e-mail addresses, and names of people. A JSON body keeps its
// order, its spacing and every byte of what stays.
//
// A signature cannot hold for a changed body, so every v1 becomes zeros; t stays. Content-Length follows the body where
// it fitted before. What a field without a telling name says in free text, such as a name in a description, stays. A body
// that is compressed, in base64 or UTF-16, not text, or JSON that was cut off is counted as Unseen.
func Redact(r Request) (Request, Redacted) {
	var found Redacted
	length := strconv.Itoa(len(r.Body))
	out := r
	out.Body = found.body(r)
	out.URL = found.url(r.URL)
	out.Header = slices.Clone(r.Header)
	for i, field := range out.Header {
		switch {
		case strings.EqualFold(field.Name, "Content-Length") && field.Value == length:
			out.Header[i].Value = strconv.Itoa(len(out.Body))
		default:
			out.Header[i].Value = found.headerValue(field)
		}
	}
	return out, found
}

func (f *Redacted) headerValue(field Field) string {
	switch {
	case strings.EqualFold(field.Name, signatureHeader):
		return f.signature(field.Value)
	case strings.EqualFold(field.Name, "Authorization"), strings.EqualFold(field.Name, "Proxy-Authorization"):
		scheme, credentials, found := strings.Cut(field.Value, " ")
		if !found {
			return f.take(&f.Tokens, field.Value, redactedText)
		}
		return scheme + " " + f.take(&f.Tokens, credentials, redactedText)
	}
	if kind := kindOf(field.Name, ""); kind != keepKind {
		return f.value(kind, field.Value)
	}
	if strings.HasPrefix(field.Value, "http://") || strings.HasPrefix(field.Value, "https://") {
		return f.url(field.Value) // Referer, Origin, Location
	}
	return f.text(field.Value)
}

// signature keeps the shape and the time, which help to explain a capture.
func (f *Redacted) signature(value string) string {
	parts := strings.Split(value, ",")
	for i, part := range parts {
		name, hex, found := strings.Cut(part, "=")
		if strings.TrimSpace(name) == "t" {
			continue
		}
		if zeros := strings.Repeat("0", len(hex)); found && hex != zeros {
			parts[i] = name + "=" + zeros
			f.Signatures++
		} else if !found {
			parts[i] = f.text(part)
		}
	}
	return strings.Join(parts, ",")
}

// take replaces a value that is there and was not replaced before.
func (f *Redacted) take(count *int, value, by string) string {
	if value == "" || value == by {
		return value
	}
	*count++
	return by
}

// value replaces all of a value by the name of its field.
func (f *Redacted) value(kind kind, value string) string {
	switch kind {
	case secretKind:
		by := redactedText
		if strings.HasPrefix(value, "whsec_") {
			by = redactedSecret
		}
		return f.take(&f.Secrets, value, by)
	case tokenKind:
		return f.take(&f.Tokens, value, redactedText)
	case emailKind:
		return f.take(&f.Emails, value, redactedEmail)
	case nameKind:
		if !isIdentifier(value) {
			return f.take(&f.Names, value, redactedName)
		}
	case keepKind:
	}
	return f.shapes(value)
}
