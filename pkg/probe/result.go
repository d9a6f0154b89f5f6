package probe

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// Verdict is what came of a case. The values are stable, for output that programs read.
type Verdict string

// Every [Verdict] there is.
const (
	Passed Verdict = "passed"
	Failed Verdict = "failed"
	// Inconclusive means that the answers allow neither verdict, and Reason says why.
	Inconclusive Verdict = "inconclusive"
	// Skipped means that the case was not tried, or does not apply.
	Skipped Verdict = "skipped"
)

// Fault is the way in which a case failed. The values are stable, for output that programs read.
type Fault string

// Every [Fault] there is.
const (
	FaultAccepted    Fault = "accepted"      // 2xx to what had to be refused
	FaultRefused     Fault = "refused"       // 4xx to what had to be accepted
	FaultServerError Fault = "server-error"  // 5xx
	FaultRedirected  Fault = "redirected"    // 3xx
	FaultNoAnswer    Fault = "no-answer"     // no whole answer in time
	FaultStatus      Fault = "wrong-status"  // another status than the one that says why
	FaultSlow        Fault = "slow"          // right, but too late
	FaultHandledMore Fault = "handled-again" // an event took effect more than once
	FaultInsecure    Fault = "insecure"      // plain HTTP
	FaultCertificate Fault = "certificate"   // not valid
)

// ReasonInterrupted is the reason of a result that is inconclusive because the run was ended early.
const ReasonInterrupted = "the check was interrupted"

// Result is the verdict of one case with its evidence.
type Result struct {
	Case    Case
	Verdict Verdict
	Fault   Fault  // of a failure
	Reason  string // why it failed, is inconclusive or was skipped: one sentence without a full stop
	Note    string // what is to be known of a case that passed
	Warning string // what should not stay as it is, of a case that passed
	// Exchanges are what the verdict rests on; empty for a case that is judged from the answers to others.
	Exchanges []Exchange

	reparsed bool // the same event in another form was accepted
}

// Severity is that of the case, but for a forgery that was refused in the wrong way: a 5xx, a redirect or no answer cause
// retries and no breach, so they count as medium at most.
func (r Result) Severity() Severity {
	refusedBadly := r.Fault == FaultServerError || r.Fault == FaultRedirected || r.Fault == FaultNoAnswer
	if refusedBadly && r.Case.want == wantRefused {
		return min(r.Case.Severity, Medium)
	}
	return r.Case.Severity
}

// Last is the exchange that decided, and false if there was none.
func (r Result) Last() (Exchange, bool) {
	if len(r.Exchanges) == 0 {
		return Exchange{}, false
	}
	return r.Exchanges[len(r.Exchanges)-1], true
}

func passed(c Case) Result { return Result{Case: c, Verdict: Passed} }

func failed(c Case, fault Fault, reason string) Result {
	return Result{Case: c, Verdict: Failed, Fault: fault, Reason: reason}
}

func inconclusive(c Case, reason string) Result {
	return Result{Case: c, Verdict: Inconclusive, Reason: reason}
}

func skipped(c Case, reason string) Result { return Result{Case: c, Verdict: Skipped, Reason: reason} }

func (r Result) with(exchanges ...Exchange) Result {
	r.Exchanges = append(r.Exchanges, exchanges...)
	return r
}

// judge holds one answer against what the case wants, by itself; what it is worth beside the control is decided elsewhere.
func judge(c Case, e Exchange) Result {
	result := judgeStatus(c, e)
	if result.Verdict == Passed && c.fast && e.Duration > delivery.SlowAfter {
		result = failed(c, FaultSlow, fmt.Sprintf("the answer %s came after %s", status(e), seconds(e.Duration)))
	}
	return result.with(e)
}

func judgeStatus(c Case, e Exchange) Result {
	if e.Err != nil {
		return failed(c, FaultNoAnswer, noAnswer(e))
	}
	answered := "was answered with " + status(e)
	switch class := e.Status / 100; {
	case limited(e):
		return inconclusive(c, "the endpoint limits how much it takes: "+status(e))
	case class == 3:
		return failed(c, FaultRedirected, answered+where(e))
	case class == 5 && c.want == wantRefused:
		return failed(c, FaultServerError, answered+": the endpoint failed where it had to refuse")
	case class == 5:
		return failed(c, FaultServerError, answered)
	case c.want == wantAccepted && class != 2:
		return failed(c, FaultRefused, answered)
	case c.want == wantRefused && class == 2:
		return failed(c, FaultAccepted, answered+", so it was accepted")
	case c.want == wantRefused && class != 4:
		return failed(c, FaultStatus, answered)
	case c.want == wantNoMethod && class == 2:
		return failed(c, FaultAccepted, answered)
	case c.want == wantNoMethod && e.Status != http.StatusNotFound && e.Status != http.StatusMethodNotAllowed:
		return failed(c, FaultStatus, answered+", which does not say that the method is the matter")
	}
	return passed(c)
}

// limited tells an answer that is about how much was sent, and not about what.
func limited(e Exchange) bool {
	return e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable && e.Header.Get("Retry-After") != ""
}

func status(e Exchange) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

func where(e Exchange) string {
	if location := e.Header.Get("Location"); location != "" {
		return " to " + location
	}
	return ""
}

func noAnswer(e Exchange) string {
	if e.Status != 0 {
		return "the answer " + status(e) + " never ended: " + e.Err.Error()
	}
	return e.Err.Error()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
