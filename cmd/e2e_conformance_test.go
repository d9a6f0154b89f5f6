//go:build e2e

package cmd_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/docs/examples"
)

// TestExamplesConform sends every example what honest, careless and hostile senders send. The requests are signed by the
// guide's formula spelled out here, so that pbhook's own signing is no part of the proof.
func TestExamplesConform(t *testing.T) {
	for _, example := range examples.All() {
		t.Run(example.Name, func(t *testing.T) {
			server := prepareExample(t, example.Name).run(t)
			defer http.DefaultClient.CloseIdleConnections() // a server that ends would wait for what they may still ask
			for _, c := range conformanceCases() {
				t.Run(c.name, func(t *testing.T) {
					got := c.send(t, server.url)
					if !slices.Contains(c.statuses, got) {
						t.Errorf("answered %d, want one of %v", got, c.statuses)
					}
				})
			}
			t.Run("one event ten times at once", func(t *testing.T) {
				if !isHandledOnce(t, server) {
					t.Error("it was not handled once")
				}
			})
		})
	}
}

// isHandledOnce sends ten deliveries of one event in parallel.
func isHandledOnce(t *testing.T, server *exampleServer) bool {
	t.Helper()
	const id = "evt_at_once"
	var deliveries sync.WaitGroup
	var refused atomic.Bool
	for range 10 {
		deliveries.Go(func() {
			if signed(`{"id":"`+id+`","type":"x","created":1,"data":{}}`)(t, server.url) != http.StatusOK {
				refused.Store(true)
			}
		})
	}
	deliveries.Wait()
	if refused.Load() {
		return false
	}
	// Handled behind the answer, so a later event says that all of the ten have been.
	const later = "evt_after_all"
	if got := signed(`{"id":"`+later+`","type":"x","created":1,"data":{}}`)(t, server.url); got != http.StatusOK {
		t.Errorf("answered %d", got)
	}
	deadline, look := time.After(10*time.Second), time.NewTicker(10*time.Millisecond)
	defer look.Stop()
	for server.handled(t, id) == 0 || server.handled(t, later) == 0 {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatal("an event was accepted and never handled")
		}
	}
	return server.handled(t, id) == 1
}

type conformanceCase struct {
	name     string
	send     func(t *testing.T, url string) int
	statuses []int
}

const plainEvent = `{"id":"evt_conformance","type":"certificate.minted","created":1640995300,"data":{"tokenId":"1"}}`

func conformanceCases() []conformanceCase {
	now := time.Now().Unix()
	t := strconv.FormatInt(now, 10)
	good, bad := mac(t, plainEvent, scriptSecret), strings.Repeat("0", 64)
	deep := strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000)
	refused, malformed, fine := []int{401}, []int{400}, []int{200}
	return []conformanceCase{
		{"a compact event", signed(plainEvent), fine},
		{"an indented event", signed("{\n  \"id\": \"evt_a\",\n  \"type\": \"x\",\n  \"created\": 1,\n  \"data\": {}\n}"), fine},
		{"numbers that JavaScript would write otherwise", signed(`{"id":"evt_b","type":"x","created":1,"data":{"n":[1.0,1e2,12345678901234567890]}}`), fine},
		{"escapes and emoji", signed(`{"id":"evt_c","type":"x","created":1,"data":{"s":"\u00e9 \/ 😀"}}`), fine},
		{"keys that JavaScript would reorder", signed(`{"id":"evt_d","type":"x","created":1,"data":{"2":1,"1":2}}`), fine},
		{"duplicate keys", signed(`{"id":"evt_e","type":"x","created":1,"data":{"twice":1,"twice":2}}`), fine},
		{"a trailing line feed", signed(plainEvent + "\n"), fine},
		{"carriage returns", signed("{\r\n\"id\":\"evt_f\",\"type\":\"x\",\r\n\"created\":1,\"data\":{}}"), fine},
		{"an event type of tomorrow", signed(`{"id":"evt_g","type":"artwork.framed","created":1,"data":{}}`), fine},
		{"extra fields and a prototype", signed(`{"id":"evt_h","type":"x","created":1,"more":1,"__proto__":{"id":1},"data":{"__proto__":{}}}`), fine},
		{"90 KiB", signed(`{"id":"evt_i","type":"x","created":1,"data":{"s":"` + strings.Repeat("x", 90<<10) + `"}}`), fine},
		{"256 KiB", signed(`{"id":"evt_j","type":"x","created":1,"data":{"s":"` + strings.Repeat("x", 256<<10) + `"}}`), fine},
		{"data nested 30,000 deep", signed(`{"id":"evt_k","type":"x","created":1,"data":{"s":` + deep + `}}`), []int{200, 400}},

		{"v1 before t", headed("v1=" + good + ",t=" + t), fine},
		{"a space after the comma", headed("t=" + t + ", v1=" + good), fine},
		{"a good v1, then a bad one", headed("t=" + t + ",v1=" + good + ",v1=" + bad), fine},
		{"a bad v1, then a good one", headed("t=" + t + ",v1=" + bad + ",v1=" + good), fine},
		{"schemes of yesterday and tomorrow beside v1", headed("t=" + t + ",v0=" + bad + ",v1=" + good + ",v2=abc=="), fine},
		{"240 seconds old", aged(now - 240), fine},

		{"no signature", headed(""), refused},
		{"garbage for a signature", headed("foo"), refused},
		{"names of object members for a signature", headed("__proto__=1,constructor=2,toString=3"), refused},
		{"another secret", headed("t=" + t + ",v1=" + mac(t, plainEvent, "whsec_another")), refused},
		{"an empty secret", headed("t=" + t + ",v1=" + mac(t, plainEvent, "")), refused},
		{"another body", headed("t=" + t + ",v1=" + mac(t, plainEvent+" ", scriptSecret)), refused},
		{"a MAC of the body alone", headed("t=" + t + ",v1=" + macOf(plainEvent, scriptSecret)), refused},
		{"a new t with the old MAC", headed("t=" + strconv.FormatInt(now+1, 10) + ",v1=" + good), refused},
		{"a downgrade to v0", headed("t=" + t + ",v0=" + good), refused},
		{"a body that begins in t", shifted(t), refused},
		{"two different t", headed("t=" + t + ",t=1,v1=" + good), refused},
		{"330 seconds old", aged(now - 330), refused},
		{"600 seconds ahead", aged(now + 600), refused},
		{"milliseconds", aged(now * 1000), refused},
		{"no t", headed("v1=" + good), refused},
		{"a t that is no number", headed("t=abc,v1=" + mac("abc", plainEvent, scriptSecret)), refused},
		{"a t with a leading zero", headed("t=0" + t + ",v1=" + mac("0"+t, plainEvent, scriptSecret)), refused},
		{"a v1 too short", headed("t=" + t + ",v1=" + good[:62]), refused},
		{"a v1 too long", headed("t=" + t + ",v1=" + good + "="), refused},
		{"a v1 outside ASCII", headed("t=" + t + ",v1=" + strings.Repeat("\xe9", 64)), refused},

		{"a signed empty body", signed(""), malformed},
		{"a signed body that is not JSON", signed("{"), malformed},
		{"a signed null", signed("null"), malformed},
		{"a signed body nested 30,000 deep", signed(deep), malformed},

		{"GET", method(http.MethodGet), []int{404, 405}},
		{"PUT", method(http.MethodPut), []int{404, 405}},
		{"5 MB unsigned", unsigned(strings.NewReader(strings.Repeat(" ", 5_000_000))), []int{401, 413}},
		{"5 MB unsigned, in chunks", unsigned(io.LimitReader(spaces{}, 5_000_000)), []int{401, 413}},
		{"upper case header names, in chunks", rawRequest("TRANSFER-ENCODING: chunked\r\n", chunks), fine},
		{"one byte at a time", rawRequest("CONTENT-LENGTH: "+strconv.Itoa(len(plainEvent))+"\r\n", singly), fine},
		{"a wait for 100 Continue", rawRequest("Expect: 100-continue\r\nContent-Length: "+strconv.Itoa(len(plainEvent))+"\r\n", whole), fine},
		{"a compact event once more", signed(plainEvent), fine},
	}
}

func mac(t, body, secret string) string { return macOf(t+"."+body, secret) }

func macOf(text, secret string) string {
	h := hmac.New(sha256.New, []byte(secret))
	io.WriteString(h, text)
	return hex.EncodeToString(h.Sum(nil))
}

type sender func(t *testing.T, url string) int

func signed(body string) sender {
	return func(t *testing.T, url string) int {
		now := strconv.FormatInt(time.Now().Unix(), 10)
		return exchange(t, http.MethodPost, url, "t="+now+",v1="+mac(now, body, scriptSecret), body)
	}
}

func headed(header string) sender {
	return func(t *testing.T, url string) int { return exchange(t, http.MethodPost, url, header, plainEvent) }
}

func aged(at int64) sender {
	t := strconv.FormatInt(at, 10)
	return headed("t=" + t + ",v1=" + mac(t, plainEvent, scriptSecret))
}

// shifted moves the beginning of a signed body into t, which leaves the signed text as it was.
func shifted(t string) sender {
	return func(test *testing.T, url string) int {
		front, back := plainEvent[:40], plainEvent[40:]
		return exchange(test, http.MethodPost, url, "t="+t+"."+front+",v1="+mac(t, plainEvent, scriptSecret), back)
	}
}

func method(name string) sender {
	return func(t *testing.T, url string) int { return exchange(t, name, url, "", "") }
}

func unsigned(body io.Reader) sender {
	return func(t *testing.T, url string) int { return exchangeBody(t, http.MethodPost, url, "", body) }
}

// spaces have no end and no length.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func exchange(t *testing.T, method, url, header, body string) int {
	t.Helper()
	return exchangeBody(t, method, url, header, strings.NewReader(body))
}

func exchangeBody(t *testing.T, method, url, header string, body io.Reader) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if header != "" {
		req.Header.Set("X-Webhook-Signature", header)
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // which follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// rawRequest writes a signed request to the socket itself, its body by way of write.
func rawRequest(framing string, write func(io.Writer, *bufio.Reader, string)) sender {
	return func(t *testing.T, target string) int {
		at, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", at.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		now := strconv.FormatInt(time.Now().Unix(), 10)
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHOST: %s\r\nX-WEBHOOK-SIGNATURE: t=%s,v1=%s\r\n%s\r\n",
			at.Path, at.Host, now, mac(now, plainEvent, scriptSecret), framing)
		answers := bufio.NewReader(conn)
		write(conn, answers, plainEvent)
		for {
			resp, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode >= http.StatusOK { // 100 Continue may come twice
				return resp.StatusCode
			}
		}
	}
}

func chunks(w io.Writer, _ *bufio.Reader, body string) {
	for chunk := range slices.Chunk([]byte(body), 7) {
		fmt.Fprintf(w, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	io.WriteString(w, "0\r\n\r\n")
}

func singly(w io.Writer, _ *bufio.Reader, body string) {
	for i := range len(body) {
		io.WriteString(w, body[i:i+1])
	}
}

// whole waits for leave before it sends the body.
func whole(w io.Writer, answers *bufio.Reader, body string) {
	for {
		line, err := answers.ReadString('\n')
		if err != nil || strings.TrimSpace(line) == "" {
			break
		}
	}
	io.WriteString(w, body)
}
