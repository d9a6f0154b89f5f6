package capture

import (
	"slices"
	"strings"
	"unicode"
)

// kind is what the name of a field says about its value.
type kind int

const (
	keepKind kind = iota
	secretKind
	tokenKind
	emailKind
	nameKind
)

// kindOf judges the words of a name, "recipientName", "x-api-key" and "access_token" alike, and of the object that it
// stands in. The last word says what the value is, so that a tokenId, which is public on the chain, stays.
func kindOf(name, parent string) kind {
	words := wordsOf(name)
	if len(words) > 1 && words[0] == "x" {
		words = words[1:]
	}
	if len(words) == 0 {
		return keepKind
	}
	if slices.Contains(words, "oidc") {
		return tokenKind
	}
	last, before := words[len(words)-1], ""
	if len(words) > 1 {
		before = words[len(words)-2]
	}
	switch last {
	case "secret", "secrets", "password", "passwd", "pwd", "passphrase", "apikey", "pin", "otp":
		return secretKind
	case "key":
		if slices.Contains([]string{"api", "secret", "private", "access", "signing", "webhook", "encryption", "subscription"}, before) {
			return secretKind
		}
	case "token", "tokens", "authorization", "auth", "bearer", "jwt", "cookie", "cookies", "session", "sessionid", "sid",
		"credential", "credentials", "csrf", "xsrf", "signature", "sig":
		return tokenKind
	case "id":
		if before == "session" {
			return tokenKind
		}
	case "email", "emails", "mail":
		return emailKind
	case "firstname", "lastname", "fullname", "surname", "username":
		return nameKind
	case "name", "names":
		if isPart(before) || isPerson(before) || before == "" && (last == "names" || isPerson(lastWord(parent))) {
			return nameKind
		}
	}
	if len(words) == 1 && isPerson(last) {
		return nameKind
	}
	if whose, ok := strings.CutSuffix(last, "name"); ok && (isPart(whose) || isPerson(whose)) { // RECIPIENTNAME
		return nameKind
	}
	return keepKind
}

// kindOfParameter judges a name in a form or a query, which stands for itself: a name in it is one of a person.
func kindOfParameter(name string) kind {
	if strings.EqualFold(name, "name") {
		return nameKind
	}
	return kindOf(name, "")
}

// isPerson knows words for people who get certificates and those around them.
func isPerson(word string) bool {
	return slices.Contains([]string{
		"recipient", "user", "owner", "holder", "person", "student", "learner", "graduate", "attendee", "participant",
		"member", "employee", "customer", "contact", "author", "teacher", "instructor",
	}, word)
}

// isPart knows the parts that names of people have.
func isPart(word string) bool {
	return slices.Contains([]string{
		"first", "last", "middle", "full", "given", "family", "maiden", "nick", "legal", "display",
	}, word)
}

// isIdentifier tells the address or id of a person, which stays, from a name: 0x…, or hexadecimal with a digit in it.
func isIdentifier(text string) bool {
	return strings.HasPrefix(text, "0x") ||
		strings.ContainsAny(text, "0123456789") && strings.Trim(text, "0123456789abcdefABCDEF-") == ""
}

// lastWord is without the s of many, because people stand in lists.
func lastWord(name string) string {
	words := wordsOf(name)
	if len(words) == 0 {
		return ""
	}
	return strings.TrimSuffix(words[len(words)-1], "s")
}

// wordsOf splits at case changes and at everything that is no letter.
func wordsOf(name string) []string {
	var words []string
	start, wasLower := -1, false
	for i, r := range name {
		isLetter := unicode.IsLetter(r)
		if start >= 0 && (!isLetter || wasLower && unicode.IsUpper(r)) {
			words = append(words, strings.ToLower(name[start:i]))
			start = -1
		}
		if isLetter && start < 0 {
			start = i
		}
		wasLower = unicode.IsLower(r)
	}
	if start >= 0 {
		words = append(words, strings.ToLower(name[start:]))
	}
	return words
}
