package capture

import (
	"io"
	"strings"
)

// maxArgument keeps a body well under the 128 KiB that Linux allows one argument of a command.
const maxArgument = 64 << 10

// curlExpects is the size of a body from which some version of curl asks for leave with "Expect: 100-continue".
const curlExpects = 1 << 10

// The methods that curl treats in a way of its own.
const (
	head = "HEAD"
	post = "POST"
)

// WriteCurl writes r as a command for a POSIX shell that makes curl send it again: same method, URL, header lines and
// body bytes. Headers that curl would add of its own are suppressed where r lacks them. Framing and, where it is that of
// the URL, Host are left to curl. A body that is long or that a terminal would act on is piped in by printf.
//
// It returns an [*EncodeError] for a part that would break out of its line, and errors of w.
func WriteCurl(w io.Writer, r Request) error {
	if err := checkLines(r); err != nil {
		return err
	}
	authority, _, err := splitURL(r.URL)
	if err != nil {
		return err
	}
	body := string(r.Body)
	piped := len(body) > maxArgument || !isPlain(body)

	lines := append([]string{curlCommand(r)}, curlHeaders(r, curlHost(r.URL, authority))...)
	switch {
	case piped:
		lines[0] = printf(body) + " | " + lines[0]
		lines = append(lines, "--data-binary @-")
	case body != "" || r.Method == post:
		lines = append(lines, "--data-raw "+quote(body))
	}
	_, err = io.WriteString(w, strings.Join(lines, " \\\n  ")+"\n")
	return err
}

func curlCommand(r Request) string {
	command := "curl -sS -i"
	// Otherwise curl would wait for the body that an answer to HEAD only announces.
	if r.Method == head && len(r.Body) == 0 {
		command += " --head"
	} else {
		command += " -X " + word(r.Method)
	}
	if strings.ContainsAny(r.URL, "[]{}") {
		command += " --globoff"
	}
	if strings.Contains(r.URL, "/.") {
		command += " --path-as-is"
	}
	return command + " --url " + word(r.URL)
}

// curlHost is the Host that curl derives from the URL; it leaves out the default port of the scheme.
func curlHost(url, authority string) string {
	defaultPort := ":80"
	if len(url) >= 5 && strings.EqualFold(url[:5], "https") {
		defaultPort = ":443"
	}
	return strings.TrimSuffix(withoutUserinfo(authority), defaultPort)
}

func curlHeaders(r Request, host string) []string {
	var options []string
	for _, field := range r.Header {
		switch {
		case strings.EqualFold(field.Name, "Content-Length"), strings.EqualFold(field.Name, "Transfer-Encoding"):
		case strings.EqualFold(field.Name, "Host") && field.Value == host:
		case strings.Trim(field.Value, " \t") == "":
			options = append(options, "-H "+word(field.Name+";"))
		default:
			options = append(options, "-H "+word(field.Name+": "+field.Value))
		}
	}
	added := []string{"User-Agent", "Accept"}
	if len(r.Body) > 0 || r.Method == post {
		added = append(added, "Content-Type")
	}
	if len(r.Body) > curlExpects {
		added = append(added, "Expect")
	}
	for _, name := range added {
		if len(r.Values(name)) == 0 {
			options = append(options, "-H "+word(name+":"))
		}
	}
	return options
}
