package capture

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteHTTP writes r as one HTTP/1.1 message (RFC 9112): request line, header lines in their order with CRLF, body.
//
// Transfer-Encoding is left out, a missing Host is taken from the URL and a missing Content-Length from the body. A
// Content-Length that differs from the body is evidence that the body was changed on its way. It stays as it is, and a
// line break ends the message, where a [Reader] can tell the body from what follows; such a message is one to verify and
// not one to send. Anywhere else Content-Length is put right.
//
// It returns an [*EncodeError] for a part that would break out of its line, and errors of w.
func WriteHTTP(w io.Writer, r Request) error {
	if err := checkLines(r); err != nil {
		return err
	}
	authority, target, err := splitURL(r.URL)
	if err != nil {
		return err
	}
	var message bytes.Buffer
	fmt.Fprintf(&message, "%s %s HTTP/1.1\r\n", r.Method, target)
	if len(r.Values("Host")) == 0 {
		writeLine(&message, "Host", withoutUserinfo(authority))
	}
	wrong := keepsLength(r)
	length, hasLength := strconv.Itoa(len(r.Body)), false
	for _, field := range r.Header {
		isLength := strings.EqualFold(field.Name, "Content-Length")
		switch {
		case strings.EqualFold(field.Name, "Transfer-Encoding"):
		case !isLength || wrong:
			writeLine(&message, field.Name, field.Value)
		case !hasLength:
			writeLine(&message, field.Name, length)
		}
		hasLength = hasLength || isLength
	}
	if !hasLength {
		writeLine(&message, "Content-Length", length)
	}
	message.WriteString("\r\n")
	message.Write(r.Body)
	if wrong {
		message.WriteString("\r\n")
	}
	_, err = w.Write(message.Bytes())
	return err
}

// keepsLength tells whether r has a Content-Length that differs from its body, and beside which its body is read back all
// the same, be it the last one or not.
func keepsLength(r Request) bool {
	lengths := r.Values("Content-Length")
	if len(lengths) == 0 {
		return false
	}
	given, err := strconv.Atoi(strings.Trim(lengths[0], " \t"))
	if err != nil || given == len(r.Body) || given > DefaultMaxBody {
		return false
	}
	head := Request{Method: r.Method}
	for _, length := range lengths {
		head.Header = append(head.Header, Field{"Content-Length", strings.Trim(length, " \t")})
	}
	for _, next := range []string{"", "POST / HTTP/1.1\r\n\r\n"} {
		rest := io.MultiReader(bytes.NewReader(r.Body), strings.NewReader("\r\n"+next))
		body, err := newHTTPDecoder(rest, ReaderOptions{MaxBody: DefaultMaxBody}).body(head)
		if err != nil || !bytes.Equal(body, r.Body) { // the reader's word, because the rules are its own
			return false
		}
	}
	return true
}

func writeLine(message *bytes.Buffer, name, value string) {
	message.WriteString(name)
	message.WriteByte(':')
	if value != "" {
		message.WriteByte(' ')
	}
	message.WriteString(value)
	message.WriteString("\r\n")
}

func withoutUserinfo(authority string) string {
	return authority[strings.LastIndexByte(authority, '@')+1:]
}
