package capture

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// What HTTP Archive 1.2 asks of one entry. The answer, which is not part of a capture, is written as Chromium writes
// that of a request that got none. Fields that begin with an underscore are ours; a body that is not UTF-8 is base64 by
// the "encoding" that the format has for answers.
type (
	harRecord struct {
		Started    time.Time   `json:"startedDateTime"`
		Time       int         `json:"time"`
		Request    harRequest  `json:"request"`
		Response   harResponse `json:"response"`
		Cache      struct{}    `json:"cache"`
		Timings    harTimings  `json:"timings"`
		RemoteAddr string      `json:"_remoteAddr,omitempty"`
	}
	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		HTTPVersion string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		QueryString []harPair `json:"queryString"`
		PostData    *harPost  `json:"postData,omitempty"`
		HeadersSize int       `json:"headersSize"`
		BodySize    int       `json:"bodySize"`
	}
	harPost struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
		Encoding string `json:"encoding,omitempty"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
	}
	harTimings struct {
		Send    int `json:"send"`
		Wait    int `json:"wait"`
		Receive int `json:"receive"`
	}
)

func (w *Writer) openHAR() error {
	creator, err := json.Marshal(map[string]string{"name": "pbhook", "version": w.options.Version})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w.out, `{"log":{"version":"1.2","creator":`+string(creator)+`,"entries":[`+"\n")
	return err
}

func (w *Writer) writeHAR(r Request) error {
	if err := checkHAR(r); err != nil {
		return err
	}
	var entry bytes.Buffer
	encoder := json.NewEncoder(&entry)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(newHARRecord(r)); err != nil {
		return err
	}
	line := bytes.TrimSuffix(entry.Bytes(), []byte("\n"))
	if w.written == 0 {
		if err := w.openHAR(); err != nil {
			return err
		}
	} else {
		line = append([]byte(",\n"), line...)
	}
	_, err := w.out.Write(line)
	return err
}

// checkHAR refuses what would be another text once it is read from JSON.
func checkHAR(r Request) error {
	if err := checkLines(r); err != nil {
		return err
	}
	if !utf8.ValidString(r.URL) {
		return &EncodeError{Part: "url", Text: r.URL, Reason: "is not UTF-8"}
	}
	if !utf8.ValidString(r.Proto + r.RemoteAddr) {
		return &EncodeError{Part: "protocol or peer", Text: r.Proto + " " + r.RemoteAddr, Reason: "is not UTF-8"}
	}
	for _, field := range r.Header {
		if !utf8.ValidString(field.Value) {
			return &EncodeError{Part: "header value", Text: field.Value, Reason: "is not UTF-8"}
		}
	}
	return nil
}

func newHARRecord(r Request) harRecord {
	request := harRequest{
		Method:      r.Method,
		URL:         r.URL,
		HTTPVersion: r.Proto,
		Cookies:     []harPair{},
		Headers:     []harPair{},
		QueryString: harQuery(r.URL),
		HeadersSize: -1,
		BodySize:    len(r.Body),
	}
	for _, field := range r.Header {
		request.Headers = append(request.Headers, harPair(field))
	}
	if len(r.Body) > 0 || len(r.Values("Content-Length")) > 0 { // beside a length, no text means that it was left out
		request.PostData = newHARPost(r)
	}
	return harRecord{
		Started:    r.Time,
		Request:    request,
		RemoteAddr: r.RemoteAddr,
		Response: harResponse{
			Cookies:     []harPair{},
			Headers:     []harPair{},
			Content:     harContent{MimeType: "x-unknown"},
			HeadersSize: -1,
			BodySize:    -1,
		},
	}
}

func newHARPost(r Request) *harPost {
	post := harPost{Text: string(r.Body)}
	if !utf8.Valid(r.Body) {
		post.Text, post.Encoding = base64.StdEncoding.EncodeToString(r.Body), "base64"
	}
	if types := r.Values("Content-Type"); len(types) > 0 {
		post.MimeType = types[0]
	}
	return &post
}

// harQuery lists the query for people; the URL beside it is what counts.
func harQuery(address string) []harPair {
	pairs := []harPair{}
	address, _, _ = strings.Cut(address, "#")
	_, query, _ := strings.Cut(address, "?")
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part != "" {
			pairs = append(pairs, harPair{unescaped(name), unescaped(value)})
		}
	}
	return pairs
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
