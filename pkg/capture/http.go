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
// The framing always fits the body: Content-Length is put right or added, Transfer-Encoding is left out. A missing Host
// is taken from the URL. It returns an [*EncodeError] for a part that would break out of its line, and errors of w.
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
	length, hasLength := strconv.Itoa(len(r.Body)), false
	for _, field := range r.Header {
		switch {
		case strings.EqualFold(field.Name, "Transfer-Encoding"):
		case !strings.EqualFold(field.Name, "Content-Length"):
			writeLine(&message, field.Name, field.Value)
		case !hasLength:
			writeLine(&message, field.Name, length)
			hasLength = true
		}
	}
	if !hasLength {
		writeLine(&message, "Content-Length", length)
	}
	message.WriteString("\r\n")
	message.Write(r.Body)
	_, err = w.Write(message.Bytes())
	return err
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
