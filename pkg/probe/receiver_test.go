package probe

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rules is a right receiver, written by the guide's formula and nothing of pbhook's, with a place for every mistake. A nil
// member makes none.
type rules struct {
	before  func(w http.ResponseWriter, r *http.Request) bool // true: it has answered already
	limit   int                                               // bytes; 0 is 1 MiB
	inside  func(w http.ResponseWriter, body []byte) bool
	rewrite func(body []byte) []byte // before it is verified
	split   func(header string) (t string, v1 []string, ok bool)
	forgive func(header string, body []byte) bool // takes what the rest would refuse
	clock   func(t string) bool
	match   func(t string, body []byte, v1 []string) bool
	parse   func(body []byte) bool
	event   func(w http.ResponseWriter, id, kind string, body []byte) bool
	handle  func(id string)

	mu       sync.Mutex
	requests int
}

func (r *rules) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.requests++
	r.mu.Unlock()
	if r.before != nil && r.before(w, request) {
		return
	}
	if request.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	limit := int64(1 << 20)
	if r.limit > 0 {
		limit = int64(r.limit)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, limit))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if r.inside != nil && r.inside(w, body) {
		return
	}
	header := request.Header.Get("X-Webhook-Signature")
	if !r.verify(header, body) && (r.forgive == nil || !r.forgive(header, body)) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event struct{ ID, Type string }
	wellFormed := json.Unmarshal(body, &event) == nil
	if r.parse != nil {
		wellFormed = r.parse(body)
	}
	if !wellFormed {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if r.event != nil && r.event(w, event.ID, event.Type, body) {
		return
	}
	if r.handle != nil {
		r.handle(event.ID)
	}
	w.WriteHeader(http.StatusOK)
}

func (r *rules) verify(header string, body []byte) bool {
	split, clock, match := parts, inTime, anyOf
	if r.split != nil {
		split = r.split
	}
	if r.clock != nil {
		clock = r.clock
	}
	if r.match != nil {
		match = r.match
	}
	if r.rewrite != nil {
		body = r.rewrite(body)
	}
	t, v1, ok := split(header)
	return ok && clock(t) && match(t, body, v1)
}

// parts collects every v1, and splits at the first equals sign alone.
func parts(header string) (t string, v1 []string, ok bool) {
	for part := range strings.SplitSeq(header, ",") {
		switch name, value, _ := strings.Cut(part, "="); name {
		case "t":
			t = value
		case "v1":
			v1 = append(v1, value)
		}
	}
	return t, v1, t != "" && len(v1) > 0
}

func inTime(t string) bool { return tolerates(t, 300, 300) }

func tolerates(t string, past, future int64) bool {
	seconds, err := strconv.ParseInt(t, 10, 64)
	age := time.Now().Unix() - seconds
	return err == nil && -future <= age && age <= past
}

func anyOf(t string, body []byte, v1 []string) bool {
	for _, one := range v1 {
		if hmac.Equal([]byte(one), []byte(macOf(secretText, t, body))) {
			return true
		}
	}
	return false
}

func macOf(key, t string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

var leadingDigits = regexp.MustCompile(`^[0-9]+`)

// stringify is what a receiver verifies that parses the body and writes it anew, as JSON.stringify does: keys that are
// numbers first and in order, numbers and escapes in their shortest form, the last of two members.
func stringify(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var out bytes.Buffer
	if !writeValue(&out, decoder, 0) {
		return nil
	}
	return out.Bytes()
}

func writeValue(out *bytes.Buffer, decoder *json.Decoder, depth int) bool {
	token, err := decoder.Token()
	if err != nil || depth > 1000 {
		return false
	}
	switch open := token.(type) {
	case json.Delim:
		return writeMembers(out, decoder, open, depth+1)
	default:
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.Encode(token)
		out.Truncate(out.Len() - 1)
		return true
	}
}

func writeMembers(out *bytes.Buffer, decoder *json.Decoder, open json.Delim, depth int) bool {
	var names []string
	values := map[string]string{}
	for i := 0; decoder.More(); i++ {
		name := strconv.Itoa(i)
		if open == '{' {
			token, err := decoder.Token()
			if err != nil {
				return false
			}
			name = token.(string)
		}
		var value bytes.Buffer
		if !writeValue(&value, decoder, depth) {
			return false
		}
		if _, twice := values[name]; !twice {
			names = append(names, name)
		}
		values[name] = value.String()
	}
	if _, err := decoder.Token(); err != nil {
		return false
	}
	if open == '{' {
		slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(index(a), index(b)) })
	}
	out.WriteByte(byte(open))
	for i, name := range names {
		if i > 0 {
			out.WriteByte(',')
		}
		if open == '{' {
			fmt.Fprintf(out, "%q:", name)
		}
		out.WriteString(values[name])
	}
	out.WriteByte(byte(open) + 2)
	return true
}

// index is where JavaScript puts a key: numbers in order, all others behind them.
func index(name string) int {
	if n, err := strconv.Atoi(name); err == nil {
		return n
	}
	return math.MaxInt
}
