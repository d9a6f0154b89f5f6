package capture

import (
	"encoding/base64"
	"strings"
)

// curlTransfer is what the options up to --next ask curl to send.
type curlTransfer struct {
	open  func(name string) ([]byte, error)
	input []byte // on standard input

	method    string
	urls      []string
	query     []string
	header    []string // -H, as given
	user      string
	bearer    string
	agent     *string
	referer   string
	cookies   []string
	data      []byte
	hasData   bool
	json      bool
	get, head bool
	upload    bool
	globoff   bool
}

// parse takes the arguments up to --next and returns those behind it.
func (t *curlTransfer) parse(arguments []string) (rest []string, err error) {
	for len(arguments) > 0 {
		argument := arguments[0]
		arguments = arguments[1:]
		switch {
		case argument == "--next" || argument == "-:":
			return arguments, nil
		case argument == "--":
			t.urls = append(t.urls, arguments...)
			return nil, nil
		case strings.HasPrefix(argument, "--"):
			arguments, err = t.long(argument[2:], arguments)
		case strings.HasPrefix(argument, "-") && len(argument) > 1:
			arguments, err = t.letters(argument[1:], arguments)
		default:
			t.urls = append(t.urls, argument)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (t *curlTransfer) long(name string, arguments []string) (rest []string, err error) {
	valued, err := curlOption(name)
	if err != nil || !valued {
		t.flag(name)
		return arguments, err
	}
	if len(arguments) == 0 {
		return nil, reject("has nothing after --%s", name)
	}
	return arguments[1:], t.set(name, arguments[0])
}

// letters reads "-sSd body" and "-dbody".
func (t *curlTransfer) letters(letters string, arguments []string) (rest []string, err error) {
	for i := range len(letters) {
		name, err := curlLongName(letters[i])
		if err != nil {
			return nil, err
		}
		valued, err := curlOption(name)
		if err != nil {
			return nil, err
		}
		if valued && i+1 < len(letters) {
			return arguments, t.set(name, letters[i+1:])
		}
		if arguments, err = t.long(name, arguments); err != nil {
			return nil, err
		}
	}
	return arguments, nil
}

func (t *curlTransfer) flag(name string) {
	switch name {
	case "get":
		t.get = true
	case "head":
		t.head = true
	case "globoff":
		t.globoff = true
	}
}

func (t *curlTransfer) set(name, value string) (err error) {
	switch name {
	case "request":
		t.method = value
	case "url":
		t.urls = append(t.urls, value)
	case "header":
		err = t.addHeader(value)
	case "data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json":
		err = t.addData(name, value)
	case "url-query":
		err = t.addQuery(value)
	case "user":
		t.user = value
	case "oauth2-bearer":
		t.bearer = value
	case "user-agent":
		t.agent = &value
	case "referer":
		t.referer = strings.TrimSuffix(value, ";auto")
	case "cookie":
		if !strings.Contains(value, "=") {
			return reject("takes its cookies from the file %q", value).because(ErrNotLiteral)
		}
		t.cookies = append(t.cookies, value)
	case "upload-file":
		t.upload = true
		t.data, err = t.content(value)
	}
	return err
}

// content is what "@file" or "@-" names.
func (t *curlTransfer) content(name string) ([]byte, error) {
	if name == "-" || name == "." {
		return t.input, nil
	}
	return t.open(name)
}

func (t *curlTransfer) addHeader(value string) error {
	name, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		t.header = append(t.header, value)
		return nil
	}
	content, err := t.content(name)
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			t.header = append(t.header, line)
		}
	}
	return err
}

// ownLines are the header lines that curl makes of other options, in its order.
func (t *curlTransfer) ownLines(authority string) []Field {
	lines := []Field{{"Host", withoutUserinfo(authority)}}
	user := t.user
	if userinfo, _, found := strings.Cut(authority, "@"); found && user == "" {
		user = unescaped(strings.ReplaceAll(userinfo, "+", "%2B"))
	}
	switch {
	case t.bearer != "":
		lines = append(lines, Field{"Authorization", "Bearer " + t.bearer})
	case user != "":
		lines = append(lines, Field{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(user))})
	}
	if t.agent != nil && *t.agent != "" {
		lines = append(lines, Field{"User-Agent", *t.agent})
	}
	if t.json {
		lines = append(lines, Field{"Accept", "application/json"}, Field{"Content-Type", "application/json"})
	} else {
		lines = append(lines, Field{"Accept", "*/*"})
	}
	if t.referer != "" {
		lines = append(lines, Field{"Referer", t.referer})
	}
	if len(t.cookies) > 0 {
		lines = append(lines, Field{"Cookie", strings.Join(t.cookies, ";")})
	}
	return lines
}
