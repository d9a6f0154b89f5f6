package probe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// framing is how a request goes over the wire.
type framing int

const (
	framePlain framing = iota
	frameChunked
	frameExpect // waits for 100 Continue
	frameSlow   // the body dribbles
)

// draft is a request that is ready to be sent.
type draft struct {
	request capture.Request
	framing framing
}

// sheet is what the request of one case is written on: an event of its own, the secret, and the time.
type sheet struct {
	client *delivery.Client // knows the endpoint and the header lines, and signs nothing
	secret signature.Secret
	form   form
	event  []byte // with the id of this request
	now    time.Time
}

// body is the event as it is sent unless a case changes it.
func (s *sheet) body() []byte { return s.form.finish(s.event) }

// holding is the event with a free member of that text.
func (s *sheet) holding(raw string) []byte { return s.form.finish(set(s.event, free(s.event), raw)) }

// signed signs the body as Pocketbook does.
func (s *sheet) signed(body []byte) draft { return s.signedAt(body, s.now) }

func (s *sheet) signedAt(body []byte, at time.Time) draft {
	t := strconv.FormatInt(at.Unix(), 10)
	return s.headed(body, "t="+t+",v1="+s.mac(t, body))
}

// headed sends the body under a signature header of that value.
func (s *sheet) headed(body []byte, value string) draft {
	d := s.unsigned(body)
	d.request.Header = append(d.request.Header, capture.Field{Name: signature.HeaderName, Value: value})
	return d
}

// unsigned leaves the signature header out.
func (s *sheet) unsigned(body []byte) draft {
	request, _ := s.client.Request(delivery.Message{Body: body}, s.now) // fails only in signing, which this client does not
	return draft{request: request}
}

func without(request capture.Request, names ...string) capture.Request {
	request.Header = slices.DeleteFunc(slices.Clone(request.Header), func(f capture.Field) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(f.Name, name) })
	})
	return request
}

// t is now as the header has it.
func (s *sheet) t() string { return strconv.FormatInt(s.now.Unix(), 10) }

func (s *sheet) mac(t string, body []byte) string {
	mac := s.secret.MAC(t, body)
	return hex.EncodeToString(mac[:])
}

// macOf is over the text alone, which no documented layout has.
func (s *sheet) macOf(text []byte) string {
	mac := hmac.New(sha256.New, []byte(s.secret.Reveal()))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// wrongKey is a secret that is not the endpoint's.
func (s *sheet) wrongKey() signature.Secret {
	value := signature.SecretPrefix + "pbhook_check_wrong_secret"
	if s.secret.Reveal() == value {
		value += "_"
	}
	wrong, _ := signature.NewSecret(value) // never empty
	return wrong
}

// wrongMAC is what a v1 of another secret looks like.
func (s *sheet) wrongMAC(body []byte) string {
	mac := s.wrongKey().MAC(s.t(), body)
	return hex.EncodeToString(mac[:])
}
