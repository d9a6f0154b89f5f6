package receiver

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// captureHead keeps everything of a request but its body. net/http moves two headers out of the map; they are put back.
func captureHead(r *http.Request, arrived time.Time) capture.Request {
	var few [16]string // on the stack; most requests have no more names
	names := slices.AppendSeq(few[:0], maps.Keys(r.Header))
	slices.Sort(names)
	header := make([]capture.Field, 0, len(r.Header)+2)
	if r.Host != "" {
		header = append(header, capture.Field{Name: "Host", Value: r.Host})
	}
	for _, name := range names {
		for _, value := range r.Header[name] {
			header = append(header, capture.Field{Name: name, Value: value})
		}
	}
	if len(r.TransferEncoding) > 0 {
		header = append(header, capture.Field{Name: "Transfer-Encoding", Value: strings.Join(r.TransferEncoding, ", ")})
	}
	return capture.Request{
		Method:     r.Method,
		URL:        absolute(r),
		Proto:      r.Proto,
		Header:     header,
		Time:       arrived,
		RemoteAddr: r.RemoteAddr,
	}
}

// absolute puts the scheme and the host before the path as it was sent; a target that has them already stays as it is.
func absolute(r *http.Request) string {
	if !strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	scheme, host := "http://", r.Host
	if r.TLS != nil {
		scheme = "https://"
	}
	if host == "" { // HTTP/1.0 may leave it out
		host = fmt.Sprint(r.Context().Value(http.LocalAddrContextKey))
	}
	return scheme + host + r.RequestURI
}
