package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/tidwall/gjson"
)

// The first line of an HTTP message (RFC 9112, section 3).
var requestLine = lazily(`^[!#$%&'*+.^_|~0-9A-Za-z-]+ [^ ]+ HTTP/[0-9]`)

// A command that is curl, or that feeds it. Before it may stand comments, assignments and the prompt of a shell.
var curlLine = lazily(
	`^(?:#[^\n]*\n\s*)*(?:[$%#>] +)?(?:[A-Za-z_][A-Za-z0-9_]*=\S* +)*(?:(?:[^\s'"]*[/\\])?curl(?:\.exe)?|printf|echo|cat)\s`)

// detect looks at the first bytes without taking them. It waits for no more of them than it needs, because a pipe may
// give its first line long before the next.
func detect(source *bufio.Reader) (Format, error) {
	for wanted := 1; ; {
		_, err := source.Peek(wanted)
		head, _ := source.Peek(source.Buffered())
		format, unknown := recognise(head)
		switch {
		case unknown == nil:
			return format, nil
		case err == nil && len(head) < readBuffer:
			wanted = len(head) + 1
		case err == nil || errors.Is(err, io.EOF):
			return FormatAuto, unknown
		default:
			return FormatAuto, err
		}
	}
}

func recognise(head []byte) (Format, error) {
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(head) == 0:
		return FormatAuto, reject("is empty").because(ErrEmpty)
	case head[0] == '{' && gjson.GetBytes(head, "log").IsObject():
		return FormatHAR, nil
	case head[0] == '{' && gjson.GetBytes(head, "kind").Exists():
		return FormatNDJSON, nil
	case requestLine().Match(head):
		return FormatHTTP, nil
	case curlLine().Match(head):
		return FormatCurl, nil
	case len(head) > 1 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff):
		return FormatAuto, reject("is UTF-16, as PowerShell's > writes it; write it as UTF-8").because(ErrUnknownFormat)
	}
	return FormatAuto, reject("is not NDJSON, HAR, an HTTP message or a curl command; a bare body needs its signature").
		because(ErrUnknownFormat)
}

// skipByteOrderMark takes the mark that editors and .NET write before UTF-8.
func skipByteOrderMark(source *bufio.Reader) error {
	head, err := source.Peek(3)
	if string(head) == "\ufeff" {
		_, err = source.Discard(len(head))
		return err
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}
