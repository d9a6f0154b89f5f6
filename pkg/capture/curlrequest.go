package capture

import "strings"

const maxURLs = 1000

// requests are those that the transfer makes, one for each URL.
//
// Header lines of curl's own are added where the command decides them: Host, Accept, the type of a form, Authorization
// and so on. The length of the body and the version of curl, which it does not decide, are not.
func (t *curlTransfer) requests() ([]Request, error) {
	if len(t.urls) > maxURLs {
		return nil, reject("has more than %d URLs", maxURLs).because(ErrTooLarge)
	}
	var requests []Request
	for _, address := range t.urls {
		request, err := t.request(address)
		if err != nil {
			return nil, err
		}
		requests = append(requests, request)
	}
	return requests, nil
}

func (t *curlTransfer) request(address string) (Request, error) {
	if !t.globoff && strings.ContainsAny(address, "[]{}") {
		return Request{}, reject("has a pattern of several URLs: %.80q", address).because(ErrNotLiteral)
	}
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	request := Request{Method: t.verb(), URL: address, Body: t.data}
	query := t.query
	if t.get && t.hasData {
		query = append(query[:len(query):len(query)], string(t.data))
		request.Body = nil
	}
	if len(query) > 0 {
		request.URL = withQuery(address, strings.Join(query, "&"))
	}
	authority, _, err := splitURL(request.URL)
	if err != nil {
		return Request{}, reject("has no URL: %.80q", address)
	}
	if request.Header, err = t.lines(authority, request.Body != nil && !t.upload); err != nil {
		return Request{}, err
	}
	return request, nil
}

func (t *curlTransfer) verb() string {
	switch {
	case t.method != "":
		return t.method
	case t.head:
		return "HEAD"
	case t.upload:
		return "PUT"
	case t.hasData && !t.get:
		return "POST"
	}
	return "GET"
}

func withQuery(address, query string) string {
	address, fragment, hasFragment := strings.Cut(address, "#")
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	if _, after, _ := strings.Cut(address, "://"); !strings.Contains(after, "/") && separator == "?" {
		separator = "/?"
	}
	address += separator + query
	if hasFragment {
		address += "#" + fragment
	}
	return address
}

// lines puts curl's own lines before those of -H, unless -H replaces or ("Name:") removes them.
func (t *curlTransfer) lines(authority string, isForm bool) ([]Field, error) {
	var given []Field
	var named []string
	for _, line := range t.header {
		name, value, found := strings.Cut(line, ":")
		if !found {
			// "Name;" asks for a line without a value.
			if name, found = strings.CutSuffix(line, ";"); !found {
				continue
			}
		} else if strings.Trim(value, " \t") == "" {
			named = append(named, name)
			continue
		}
		if !isToken(name) || strings.ContainsAny(value, "\r\n\x00") {
			return nil, reject("has a header that would break its line: %.80q", line)
		}
		given = append(given, Field{name, strings.Trim(value, " \t")})
		named = append(named, name)
	}
	var lines, last []Field
	own := t.ownLines(authority)
	if isForm && !t.json {
		own = append(own, Field{"Content-Type", "application/x-www-form-urlencoded"})
	}
	for _, field := range own {
		switch {
		case (Request{Header: fieldsNamed(named)}).Values(field.Name) != nil:
		case field.Name == "Content-Type" && !t.json:
			last = append(last, field)
		default:
			lines = append(lines, field)
		}
	}
	return append(append(lines, given...), last...), nil
}

func fieldsNamed(names []string) []Field {
	var fields []Field
	for _, name := range names {
		fields = append(fields, Field{Name: name})
	}
	return fields
}
