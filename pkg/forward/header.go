package forward

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// EndToEnd returns, in their order, the header lines of a request that are meant for whoever handles it: without those of
// one connection (RFC 9110, section 7.6.1), those that frame the body, Host, lines that could not have been on the wire,
// and, unless they are asked for, Authorization and Cookie, which were meant for the server that received them.
func EndToEnd(lines []capture.Field, credentials bool) []capture.Field {
	listed := connectionListed(lines)
	var kept []capture.Field
	for _, line := range lines {
		name := strings.ToLower(line.Name)
		if sendable(line) && !listed[name] && !oneHop(name) && !framing(name) && (credentials || !credential(name)) {
			kept = append(kept, line)
		}
	}
	return kept
}

// requestHeader returns the lines that go on to a target. Their names are spelled as in the request, each as the first
// line that has it, and lines of one name keep their order; net/http sorts the names. A line that could not have been on
// the wire is left out.
func requestHeader(lines []capture.Field, credentials bool) http.Header {
	header := http.Header{
		userAgent: {""}, // net/http would add its own
		// A server may close a connection that was kept open just as it is used again, Node after five seconds. Only what has
		// this entry does net/http send once more on another connection, if no byte of an answer came; an empty one is not sent.
		idempotencyKey: nil,
	}
	spelled := map[string]string{"user-agent": userAgent}
	for _, line := range EndToEnd(lines, credentials) {
		name := strings.ToLower(line.Name)
		key, known := spelled[name]
		if !known {
			key = line.Name
			spelled[name] = key
		}
		if key == userAgent && header[key][0] == "" {
			header[key] = nil
		}
		header[key] = append(header[key], line.Value)
	}
	return header
}

const (
	userAgent      = "User-Agent"
	idempotencyKey = "Idempotency-Key"
)

// answerHeader returns the lines of an answer that go back to the sender, sorted by name. The length goes with the lines
// of one hop: whoever writes the answer counts its body.
func answerHeader(header http.Header) []capture.Field {
	lines := capture.Fields(header)
	listed := connectionListed(lines)
	return slices.DeleteFunc(lines, func(line capture.Field) bool {
		name := strings.ToLower(line.Name)
		return !sendable(line) || listed[name] || oneHop(name) || framing(name)
	})
}

// connectionListed returns the names, in lower case, that a message declares to be of its connection only.
func connectionListed(lines []capture.Field) map[string]bool {
	listed := map[string]bool{}
	for _, line := range lines {
		if strings.EqualFold(line.Name, "Connection") {
			for name := range strings.SplitSeq(line.Value, ",") {
				listed[strings.ToLower(strings.Trim(name, " \t"))] = true
			}
		}
	}
	return listed
}

// oneHop names the lines of one connection (RFC 9110, section 7.6.1, and the customs before it).
func oneHop(name string) bool {
	switch name {
	case "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
		"transfer-encoding", "upgrade":
		return true
	}
	return false
}

// framing names the lines that are made anew for each hop. Expect has been answered by whoever received the body.
func framing(name string) bool {
	switch name {
	case "content-length", "expect", "host":
		return true
	}
	return false
}

func credential(name string) bool { return name == "authorization" || name == "cookie" }

// sendable follows RFC 9110, sections 5.5 and 5.6.2.
func sendable(line capture.Field) bool {
	for i := range len(line.Name) {
		if c := line.Name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	for i := range len(line.Value) {
		if c := line.Value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return line.Name != ""
}
