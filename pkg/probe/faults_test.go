package probe

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// answers makes a hook that gives a status where the condition holds.
func answers(code int, when func(body []byte) bool) func(http.ResponseWriter, []byte) bool {
	return func(w http.ResponseWriter, body []byte) bool {
		if when(body) {
			w.WriteHeader(code)
		}
		return when(body)
	}
}

func replaced(from, to string) func([]byte) []byte {
	return func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(from), []byte(to)) }
}

// faulty is one mistake in an otherwise right receiver.
type faulty struct {
	rules  *rules
	change func(*Options, *pipes) // of the way to it
	fault  Fault
}

// faults has one for every case: the mistake that this case and no other has to find.
func faults() map[string]faulty {
	return map[string]faulty{
		"net.https": {rules: &rules{}, fault: FaultInsecure, change: func(o *Options, _ *pipes) { o.Endpoint = "http://hooks.example/" }},
		"ok.compact": {fault: FaultRefused, rules: &rules{inside: func(w http.ResponseWriter, body []byte) bool {
			return answers(401, func(b []byte) bool { return !bytes.ContainsAny(b, " \n") })(w, body)
		}}},
		"ok.pretty":  {fault: FaultRefused, rules: &rules{rewrite: replaced("\n  ", "")}},
		"ok.numbers": {fault: FaultRefused, rules: &rules{rewrite: replaced("1.0,1e2", "1,100")}},
		"ok.unicode": {fault: FaultRefused, rules: &rules{rewrite: replaced(`\u00e9`, "é")}},
		"ok.intkeys": {fault: FaultRefused, rules: &rules{rewrite: replaced(`{"2":"b","1":"a"}`, `{"1":"a","2":"b"}`)}},
		"ok.dupkeys": {fault: FaultRefused, rules: &rules{rewrite: replaced(`"twice":1,`, "")}},
		"ok.newline": {fault: FaultRefused, rules: &rules{rewrite: bytes.TrimSpace}},
		"ok.crlf":    {fault: FaultRefused, rules: &rules{rewrite: replaced("\r\n", "\n")}},
		"ok.case":    {fault: FaultRefused, rules: &rules{}, change: blindTo("X-WEBHOOK-SIGNATURE")},
		"hdr.order":  {fault: FaultRefused, rules: &rules{split: onlyIf(func(h string) bool { return strings.HasPrefix(h, "t=") })}},
		"rot.first":  {fault: FaultRefused, rules: &rules{split: picking(func(v1 []string) []string { return v1[len(v1)-1:] })}},
		"rot.last":   {fault: FaultRefused, rules: &rules{split: picking(func(v1 []string) []string { return v1[:1] })}},
		"fwd.scheme": {fault: FaultRefused, rules: &rules{split: onlyIf(func(h string) bool { return !strings.Contains(h, ",v0=") })}},
		"fwd.equals": {fault: FaultRefused, rules: &rules{split: onlyIf(func(h string) bool { return !strings.Contains(h, "==") })}},
		"auth.none":  {fault: FaultAccepted, rules: &rules{forgive: func(h string, _ []byte) bool { return h == "" }}},
		"auth.garbage": {fault: FaultAccepted, rules: &rules{forgive: func(h string, _ []byte) bool {
			return h != "" && !strings.Contains(h, "=")
		}}},
		"auth.secret": {fault: FaultAccepted, rules: &rules{forgive: func(h string, body []byte) bool {
			t, v1, ok := parts(h)
			return ok && len(v1) == 1 && v1[0] == macOf("whsec_pbhook_check_wrong_secret", t, body)
		}}},
		"auth.body": {fault: FaultAccepted, rules: &rules{forgive: oneByteOff}},
		"auth.bodyonly": {fault: FaultAccepted, rules: &rules{forgive: func(h string, body []byte) bool {
			mac := hmac.New(sha256.New, []byte(secretText))
			mac.Write(body)
			return strings.HasSuffix(h, hex.EncodeToString(mac.Sum(nil)))
		}}},
		"auth.tswap": {fault: FaultAccepted, rules: &rules{match: func(t string, body []byte, v1 []string) bool {
			for back := range int64(600) {
				if anyOf(ago(t, back), body, v1) {
					return true
				}
			}
			return false
		}}},
		"auth.v0": {fault: FaultAccepted, rules: &rules{forgive: func(h string, body []byte) bool {
			t, _, _ := parts(h)
			return h == "t="+t+",v0="+macOf(secretText, t, body)
		}}},
		"auth.emptykey": {fault: FaultAccepted, rules: &rules{forgive: func(h string, body []byte) bool {
			t, v1, ok := parts(h)
			return ok && v1[0] == macOf("", t, body)
		}}},
		"auth.shift":  {fault: FaultAccepted, rules: &rules{clock: func(t string) bool { return inTime(leadingDigits.FindString(t)) }}},
		"time.240":    {fault: FaultRefused, rules: &rules{clock: func(t string) bool { return tolerates(t, 200, 300) }}},
		"time.330":    {fault: FaultAccepted, rules: &rules{clock: func(t string) bool { return tolerates(t, 400, 300) }}},
		"time.future": {fault: FaultAccepted, rules: &rules{clock: func(t string) bool { return tolerates(t, 300, 1e6) }}},
		"time.ms": {fault: FaultAccepted, rules: &rules{clock: func(t string) bool {
			return inTime(t) || len(t) > 10 && inTime(t[:len(t)-3])
		}}},
		"time.fast": {fault: FaultSlow, rules: &rules{event: func(http.ResponseWriter, string, string, []byte) bool {
			time.Sleep(6 * time.Second) // of the bubble
			return false
		}}},
		"mal.not": {fault: FaultAccepted, rules: &rules{forgive: func(h string, _ []byte) bool {
			return strings.HasPrefix(h, "v1=") && !strings.Contains(h, "t=")
		}}},
		"mal.nan": {fault: FaultAccepted, rules: &rules{clock: func(t string) bool { return inTime(t) || t == "abc" }}},
		"mal.short": {fault: FaultAccepted, rules: &rules{match: func(t string, body []byte, v1 []string) bool {
			return slices.ContainsFunc(v1, func(one string) bool {
				return len(one) > 32 && strings.HasPrefix(macOf(secretText, t, body), one)
			})
		}}},
		"mal.latin1": {fault: FaultServerError, rules: &rules{before: func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.Header.Get("X-Webhook-Signature"), "\xe9") {
				return false
			}
			w.WriteHeader(http.StatusInternalServerError)
			return true
		}}},
		"ev.unknown": {fault: FaultRefused, rules: &rules{event: func(w http.ResponseWriter, _, kind string, _ []byte) bool {
			known := kind == "certificate.created" || kind == "bulk_job.started"
			if !known {
				w.WriteHeader(http.StatusBadRequest)
			}
			return !known
		}}},
		"ev.extra": {fault: FaultRefused, rules: &rules{event: func(w http.ResponseWriter, _, _ string, body []byte) bool {
			return answers(422, func(b []byte) bool { return bytes.Contains(b, []byte(`"pbhook":{"new"`)) })(w, body)
		}}},
		"idem.dup": {fault: FaultRefused, rules: refusingRepeats()},
		"meth.get": {fault: FaultAccepted, rules: &rules{before: func(_ http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodGet // which answers 200
		}}},
		"meth.put": {fault: FaultAccepted, rules: &rules{before: func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPut {
				r.Method = http.MethodPost
			}
			return false
		}}},
		"http.chunked": {fault: FaultRefused, rules: &rules{before: func(w http.ResponseWriter, r *http.Request) bool {
			if r.ContentLength < 0 {
				w.WriteHeader(http.StatusLengthRequired)
			}
			return r.ContentLength < 0
		}}},
		"http.expect": {fault: FaultRefused, rules: &rules{before: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Expect") != "" {
				w.WriteHeader(http.StatusExpectationFailed)
			}
			return r.Header.Get("Expect") != ""
		}}},
		"http.slow": {fault: FaultRefused, rules: &rules{before: func(w http.ResponseWriter, _ *http.Request) bool {
			http.NewResponseController(w).SetReadDeadline(time.Now().Add(500 * time.Millisecond))
			return false
		}}},
		"size.90k":  {fault: FaultRefused, rules: &rules{inside: answers(413, func(b []byte) bool { return len(b) > 80<<10 && len(b) < 200<<10 })}},
		"size.256k": {fault: FaultRefused, rules: &rules{limit: 128 << 10}},
		"size.5m": {fault: FaultSlow, rules: &rules{before: func(_ http.ResponseWriter, r *http.Request) bool {
			if r.ContentLength > 1<<20 {
				time.Sleep(8 * time.Second) // of the bubble
			}
			return false
		}}},
		"body.empty":     {fault: FaultAccepted, rules: &rules{parse: func(b []byte) bool { return len(b) == 0 || json.Valid(b) }}},
		"body.malformed": {fault: FaultAccepted, rules: &rules{parse: func(b []byte) bool { return len(b) > 0 }}},
		"body.depth": {fault: FaultServerError, rules: &rules{inside: answers(500, func(b []byte) bool {
			return bytes.Contains(b, []byte(strings.Repeat("[", 10_000)))
		})}},
		"end.alive": {fault: FaultServerError, rules: &rules{event: func(w http.ResponseWriter, id, _ string, _ []byte) bool {
			last := strings.Contains(id, "_end_alive_")
			if last {
				w.WriteHeader(http.StatusInternalServerError)
			}
			return last
		}}},
		"net.redirect": {fault: FaultRedirected, rules: &rules{before: func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusTemporaryRedirect)
			return true
		}}},
	}
}

// Every case is found by a receiver that makes this one mistake, and no other case is blamed for it.
func TestEveryMistakeIsFoundByItsCaseAlone(t *testing.T) {
	table := faults()
	for _, c := range Cases() {
		if c.ID == "net.cert" {
			continue // needs a certificate: TestCertificates
		}
		t.Run(c.ID, func(t *testing.T) {
			row, ok := table[c.ID]
			if !ok {
				t.Fatal("there is no receiver with this mistake")
			}
			report := check(t, row.rules, row.change)
			if diff := cmp.Diff([]string{c.ID}, ids(report, Failed)); diff != "" {
				t.Errorf("failed (-want +got):\n%s", diff)
			}
			for _, result := range report.Results {
				if result.Verdict == Failed && result.Fault != row.fault {
					t.Errorf("fault %s, want %s: %s", result.Fault, row.fault, result.Reason)
				}
				if result.Verdict == Failed && result.Reason == "" {
					t.Error("no reason is given")
				}
			}
			if c.ID == "net.redirect" {
				return // nothing else can be concluded
			}
			if open := ids(report, Inconclusive); len(open) > 0 {
				t.Errorf("inconclusive: %v", open)
			}
		})
	}
	if len(table) != len(Cases())-1 {
		t.Errorf("%d receivers for %d cases", len(table), len(Cases()))
	}
}

func onlyIf(holds func(header string) bool) func(string) (string, []string, bool) {
	return func(header string) (string, []string, bool) {
		t, v1, ok := parts(header)
		return t, v1, ok && holds(header)
	}
}

func picking(pick func([]string) []string) func(string) (string, []string, bool) {
	return func(header string) (string, []string, bool) {
		t, v1, ok := parts(header)
		if ok {
			v1 = pick(v1)
		}
		return t, v1, ok
	}
}

// oneByteOff takes the MAC of every body that differs in the value of one byte by one.
func oneByteOff(header string, body []byte) bool {
	t, v1, ok := parts(header)
	if !ok || !inTime(t) || len(body) > 1<<10 {
		return false
	}
	for i := range body {
		for _, step := range []byte{1, 255} {
			other := bytes.Clone(body)
			other[i] += step
			if anyOf(t, other, v1) {
				return true
			}
		}
	}
	return false
}

func ago(t string, seconds int64) string {
	n, _ := strconv.ParseInt(t, 10, 64)
	return strconv.FormatInt(n-seconds, 10)
}

func refusingRepeats() *rules {
	seen := map[string]bool{}
	r := new(rules)
	r.event = func(w http.ResponseWriter, id, _ string, _ []byte) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		if seen[id] {
			w.WriteHeader(http.StatusConflict)
			return true
		}
		seen[id] = true
		return false
	}
	return r
}

// blindTo makes the receiver miss a header of exactly this spelling.
func blindTo(name string) func(*Options, *pipes) {
	return func(o *Options, network *pipes) {
		transport := o.Transport.(*http.Transport)
		transport.DialContext = func(ctx context.Context, net, address string) (net.Conn, error) {
			conn, err := network.dial(ctx, net, address)
			return misspelling{conn, name}, err
		}
	}
}

type misspelling struct {
	net.Conn
	name string
}

func (m misspelling) Write(p []byte) (int, error) {
	n := len(p)
	_, err := m.Conn.Write(bytes.ReplaceAll(p, []byte(m.name), []byte("X"+m.name[1:len(m.name)-1]+"_")))
	return n, err
}
