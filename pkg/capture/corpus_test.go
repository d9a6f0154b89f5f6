package capture

import "strings"

// corpus holds requests that are hard to write down exactly.
func corpus() map[string]Request {
	post := func(body string, header ...Field) Request {
		return Request{Method: "POST", URL: "http://localhost:3000/webhooks/pocketbook", Header: header, Body: []byte(body)}
	}
	contentType := Field{"Content-Type", "application/json"}
	everyByte := make([]byte, 256)
	for i := range everyByte {
		everyByte[i] = byte(i)
	}
	withURL := func(url string) Request { r := post(`{}`); r.URL = url; return r }
	return map[string]Request{
		"a plain event":                     post(`{"id":"evt_1","type":"certificate.minted"}`, contentType),
		"single and double quotes":          post(`it's "quoted" and it''s not`, contentType),
		"what a shell would expand":         post("$HOME `id` $(id) !! !$ ~ * ? [a] {b,c} \\ \\\\ # & ; | < >", contentType),
		"a body that looks like a file":     post("@/etc/hostname", contentType),
		"a body that begins with a dash":    post("-n\x00", contentType),
		"a body of line breaks":             post("\n\na\r\n\tb\n\n", contentType),
		"a body of spaces":                  post("   ", contentType),
		"no body":                           post(""),
		"NUL inside":                        post("a\x00b", contentType),
		"every byte":                        post(string(everyByte), contentType),
		"every byte twice, octal and digit": post(strings.Repeat(string(everyByte)+"7", 2), contentType),
		"percent and backslash with NUL":    post("%s %d %% \\n \\0 '\x00", contentType),
		"terminal control and bidi":         post("\x1b]0;title\a \u202eevil\u202c \u0085 \u200d", contentType),
		"unicode":                           post(`{"name":"Zoë 🎓 証明書"}`, contentType),
		"replacement character":             post("\ufffd", contentType),
		"not UTF-8":                         post("caf\xe9", contentType),
		"surrogate half":                    post("\xed\xa0\x80", contentType),
		"longer than an argument may be":    post(strings.Repeat("it's 100% ", 20_000), contentType),
		"without any header":                post(`{}`),
		"every header that curl adds":       post(`{}`, contentType, Field{"Accept", "*/*"}, Field{"User-Agent", "x/1"}),
		"an empty header":                   post(`{}`, contentType, Field{"X-Empty", ""}),
		"a header of blanks":                post(`{}`, contentType, Field{"X-Blank", "  "}),
		"the same header three times":       post(`{}`, Field{"X-A", "1"}, Field{"X-B", "2"}, Field{"x-a", "3"}, Field{"X-A", "1"}),
		"a header with quotes":              post(`{}`, contentType, Field{"X-Quote", `it's "x"; $HOME \ !`}),
		"a header with other bytes":         post(`{}`, contentType, Field{"X-Latin", "caf\xe9 % \\"}),
		"another Host than the URL":         post(`{}`, contentType, Field{"Host", "pocketbook.example"}),
		"framing headers that are wrong":    post(`{}`, Field{"Content-Length", "7"}, Field{"Transfer-Encoding", "chunked"}, Field{"content-length", "8"}),
		"a body that grew":                  post("{\n  \"a\": 1\n}\n", Field{"content-length", "7"}),
		"a body that was cut":               post(`{"a"`, Field{"Content-Length", "7"}, Field{"Content-Length", "7"}),
		"a body that is gone":               post("", Field{"Content-Length", "7"}),
		"a wrong length that fits a part":   post("{}\n\n", Field{"Content-Length", "2"}),
		"a wrong length and a request line": post("{}\nGET / HTTP/1.1\n", Field{"Content-Length", "1"}),
		"a length that is no number":        post("{}", Field{"Content-Length", "two"}),
		"a query":                           withURL("http://localhost:3000/hooks?a=1&b=[2]&c={3}&d=%20"),
		"dots in the path":                  withURL("http://localhost:3000/a/../b/./c"),
		"no path":                           withURL("http://localhost:3000"),
		"a query without a path":            withURL("http://localhost:3000?a=1"),
		"a GET":                             {Method: "GET", URL: "http://localhost:3000/a", Header: []Field{{"Accept", "*/*"}}},
		"a HEAD":                            {Method: "HEAD", URL: "http://localhost:3000/a"},
		"a PUT":                             {Method: "PUT", URL: "http://localhost:3000/a", Body: []byte("x")},
	}
}
