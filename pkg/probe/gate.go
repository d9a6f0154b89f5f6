package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// gate finds out whether the endpoint can be reached and accepts a valid event. Without that no other answer means anything, so
// the run stops there. The first type of event that is accepted carries all other cases.
func (r *run) gate(ctx context.Context) {
	first := r.first(ctx)
	answers := r.everyType(ctx, first)
	if ctx.Err() != nil {
		r.broken = ReasonInterrupted
		r.giveUp(ctx, r.of(stageGate))
		return
	}
	if carrier := slices.IndexFunc(answers, accepted); carrier >= 0 {
		r.carrier = carrier
		for _, c := range r.of(stageGate) {
			r.decide(r.judgeTypes(ctx, c, answers))
		}
		return
	}
	if !r.otherForm(ctx, first) {
		r.block(ctx, first)
		return
	}
	for _, c := range r.of(stageGate) {
		result := judge(c, first)
		result.reparsed = true
		result.Reason += "; the endpoint accepts the same event only " + r.form.String() + ": it parses the body and writes it anew before it verifies it"
		r.decide(result)
	}
}

// first is the request that shows the way to the endpoint. A certificate that is out of date fails net.cert, and the run goes
// on with the very certificate that was shown.
func (r *run) first(ctx context.Context) Exchange {
	one := func(w *wire, look *look) Exchange {
		s := r.sheet("ok.compact", 0)
		e := w.exchange(ctx, s.signed(s.body()), look.trace())
		r.note(e)
		return e
	}
	e := one(r.wire, &r.seen)
	if pinned, ok := r.wire.outOfDate(e.Err); ok && r.mayDoMore() {
		r.wire = pinned
		var second look
		e = one(pinned, &second)
		r.seen.again(&second)
	}
	if e.Err == nil && limited(e) && r.mayDoMore() && sleep(ctx, briefPause) == nil {
		e = one(r.wire, &r.seen)
	}
	return e
}

// everyType sends the plain event of every other type: for the verdict of ok.compact, and, where the first was refused, to find one
// that is accepted. It gives an answer for each event that was sent, in their order.
func (r *run) everyType(ctx context.Context, first Exchange) []Exchange {
	answers := []Exchange{first}
	if accepted(first) {
		r.timed(first)
	}
	judged := len(r.of(stageGate)) > 0
	if accepted(first) && !judged || !accepted(first) && !mayBeTheType(first) {
		return answers
	}
	for i := 1; i < len(r.prober.options.Events) && ctx.Err() == nil; i++ {
		if !judged && (accepted(answers[i-1]) || !r.mayDoMore()) {
			break
		}
		answers = append(answers, r.sendType(ctx, i))
	}
	return answers
}

func (r *run) sendType(ctx context.Context, event int) Exchange {
	e := r.send(ctx, func() draft { s := r.sheet("ok.compact", event); return s.signed(s.body()) })
	r.timed(e)
	return e
}

// mayBeTheType tells whether an event may have been refused for its type, or for what was to be done with it. A signature that
// was refused, a redirect or a wrong path are none of that.
func mayBeTheType(e Exchange) bool {
	class := e.Status / 100
	unsigned := e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	return e.Err == nil && (class == 4 && !unsigned || class == 5) && !noRoute(e) && !limited(e)
}

// judgeTypes wants every type accepted; one that was not is sent once more.
func (r *run) judgeTypes(ctx context.Context, c Case, answers []Exchange) Result {
	var bad []Result
	for i, e := range answers {
		one := judge(c, e)
		if deservesAnotherTry(one) && ctx.Err() == nil && r.mayDoMore() {
			one = judge(c, r.sendType(ctx, i))
		}
		if one.Verdict != Passed {
			one.Reason = "an event of the type " + r.prober.options.Events[i].Type + " " + one.Reason
			bad = append(bad, one)
		}
	}
	if len(bad) > 0 {
		result := bad[0]
		if more := len(bad) - 1; more > 0 {
			result.Reason += fmt.Sprintf("; other types that were not accepted: %d", more)
		}
		return r.weigh(result, nil)
	}
	result := passed(c).with(answers...)
	if n := len(answers); n > 1 {
		result.Note = fmt.Sprintf("%d event types", n)
	}
	return result
}

// otherForm looks for a form of the event that the endpoint accepts when it refuses the one that Pocketbook sends.
func (r *run) otherForm(ctx context.Context, first Exchange) bool {
	if first.Err != nil || first.Status/100 != 4 || limited(first) || noRoute(first) {
		return false
	}
	for _, form := range []form{formSpaced, formSorted, formSortedSpaced} {
		r.form = form
		if r.mayDoMore() && r.control(ctx) {
			return true
		}
	}
	r.form = formCompact
	return false
}

func noRoute(e Exchange) bool {
	return e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed || e.Status == http.StatusGone
}

// block says why the run cannot go on, and leaves every case that needs an answer without a verdict.
func (r *run) block(ctx context.Context, e Exchange) {
	blocked := r.obstacle(ctx, e)
	r.report.Blocked = &blocked
	r.broken = "no valid event was accepted: " + blocked.Reason
	for _, c := range r.of(stageGate) {
		result := judge(c, e)
		// A crash on a valid event is one whatever the secret; all else may be the fault of whoever runs the check.
		if result.Fault != FaultServerError {
			result = inconclusive(c, blocked.Reason).with(e)
		}
		r.decide(result)
	}
}

func (r *run) obstacle(ctx context.Context, e Exchange) Blocked {
	unreachable, ok := errors.AsType[*delivery.UnreachableError](e.Err)
	switch {
	case ok:
		return Blocked{Kind: BlockedUnreachable, Reason: e.Err.Error(), Remedy: unreachableRemedy(unreachable), Err: unreachable}
	case limited(e):
		return Blocked{BlockedRate, "the endpoint limits how much it takes: " + status(e), "wait, or lift the limit for this check", nil}
	case e.Status/100 == 3:
		return Blocked{BlockedRedirect, "the endpoint redirects: " + status(e) + where(e), "check the final URL; Pocketbook does not follow redirects", nil}
	case (&delivery.StatusError{Status: e.Status, Body: e.Body}).WantsTLS():
		return Blocked{BlockedPath, "the endpoint speaks TLS alone: " + status(e), "check its https:// URL", nil}
	case noRoute(e):
		return Blocked{BlockedPath, "nothing takes POST at this URL: " + status(e), "check the path of the URL", nil}
	case e.Status/100 == 5:
		return Blocked{BlockedError, "the endpoint failed on a valid event: " + status(e), "read the endpoint's log; is its signing secret set?", nil}
	}
	blocked := Blocked{
		BlockedSecret, "a valid event was refused with " + status(e),
		"give the signing secret of the endpoint with --secret; if it is the same, the endpoint does not verify the raw body", nil,
	}
	if r.skew.Abs() > toleranceOfGuide {
		blocked.Remedy = fmt.Sprintf("set the clocks: the endpoint's is %s away from the one here, and 5 minutes are tolerated", r.skew.Abs().Round(time.Second))
	} else if r.onPrevious(ctx) {
		blocked.Reason += ", and the same event under the previous secret was accepted"
		blocked.Remedy = "give the endpoint the new secret; it still verifies with the previous one alone"
	}
	return blocked
}

const toleranceOfGuide = 5 * time.Minute

// onPrevious tells whether the endpoint accepts the secret before a rotation.
func (r *run) onPrevious(ctx context.Context) bool {
	previous := r.prober.options.Previous
	if previous.IsZero() || !r.mayDoMore() {
		return false
	}
	e := r.send(ctx, func() draft {
		s := r.sheet("previous", r.carrier)
		s.secret = previous
		return s.signed(s.body())
	})
	return accepted(e)
}

// unreachableRemedy is what to do about each kind of failure, from the guide's list of what to check.
func unreachableRemedy(e *delivery.UnreachableError) string {
	switch e.Kind {
	case delivery.KindDNS:
		return "check the host of the URL, and that this machine can resolve names"
	case delivery.KindRefused:
		return "start the server, or correct the port; a firewall may refuse as well"
	case delivery.KindTLS:
		if e.NoTLS() {
			return "a server without TLS listens there: use http://, or have it serve a certificate"
		}
		return "serve a certificate of a known authority for this host, with its intermediates; --cacert trusts one of your own"
	case delivery.KindTimeout:
		return "is the URL reachable from here, and does the endpoint answer before it handles the event?"
	case delivery.KindReset:
		return "the server closed the connection; its log may say why; one that wants https:// may do so to http://"
	case delivery.KindProxy:
		return "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY"
	default:
		return "check that an HTTP server listens there, and that http:// or https:// is right"
	}
}
