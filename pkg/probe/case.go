package probe

import (
	"path"
	"slices"
	"strings"
)

// Severity says what a failed case means for whoever ships the endpoint.
type Severity int

// The severities in rising order.
const (
	Info     Severity = iota // unusual senders are refused
	Medium                   // retries, lost oddities, or a rule that nobody exploits yet
	High                     // events are lost, or a forgery works under conditions
	Critical                 // anybody can forge events, or none arrives
)

// severities lists them from the least.
func severities() []Severity { return []Severity{Info, Medium, High, Critical} }

// String is the word that [ParseSeverity] reads.
func (s Severity) String() string {
	switch s {
	case Critical:
		return "critical"
	case High:
		return "high"
	case Medium:
		return "medium"
	default:
		return "info"
	}
}

// MarshalText returns what [Severity.String] does.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// SeverityError says that a word names no severity.
type SeverityError struct{ Word string }

func (e *SeverityError) Error() string {
	return "severity " + quote(e.Word) + " is none of critical, high, medium and info"
}

// ParseSeverity reads critical, high, medium or info. The error is a [*SeverityError].
func ParseSeverity(word string) (Severity, error) {
	for _, severity := range severities() {
		if severity.String() == word {
			return severity, nil
		}
	}
	return Info, &SeverityError{Word: word}
}

// Group is the part of a webhook endpoint that a case is about.
type Group string

// The groups in the order in which they are told.
const (
	GroupNetwork   Group = "Network"
	GroupValid     Group = "Valid events"
	GroupHeader    Group = "Signature header"
	GroupForgery   Group = "Forgeries"
	GroupTime      Group = "Time"
	GroupMalformed Group = "Malformed signatures"
	GroupEvents    Group = "Events of tomorrow"
	GroupRepeats   Group = "Repeated deliveries"
	GroupHTTP      Group = "HTTP"
	GroupBodies    Group = "Sizes and bodies"
	GroupEnd       Group = "Afterwards"
)

// Case is one rule that an endpoint has to keep, and how to try it.
type Case struct {
	ID       string // "rot.first"; stable
	Title    string // what a right endpoint does
	Group    Group
	Severity Severity // of a failure; see [Result.Severity]
	Sends    string   // what is sent
	Wants    string   // the right answer
	Why      string   // why it matters
	Fix      string   // what to do about a failure
	// RawBody tells that a body which was parsed before it was verified is the usual cause; how to get at the raw body
	// differs from framework to framework.
	RawBody bool

	want  want
	stage stage
	fast  bool               // the answer must come within delivery.SlowAfter
	edge  bool               // clocks that differ a little decide about it
	make  func(*sheet) draft // nil for a case that has a run of its own, or none
}

// want is the kind of answer that is right.
type want int

const (
	wantAccepted want = iota // 2xx
	wantRefused              // 4xx
	wantNoMethod             // 404 or 405
	wantNoCrash              // anything below 500, and an answer
)

// stage is when a case has its turn.
type stage int

const (
	stageDerived stage = iota // judged from the answers to others
	stageGate                 // before all others
	stageAccept               // valid events, many at once
	stageRefuse               // forgeries, many at once
	stageRisky                // what may take an endpoint down, one at a time
	stageRepeat
	stageEnd
)

// Cases lists every case in the order in which they are told. The slice is the caller's.
func Cases() []Case {
	return slices.Concat(networkCases(), validCases(), headerCases(), forgeryCases(), timeCases(), malformedCases(),
		eventCases(), repeatCases(), httpCases(), bodyCases(), endCases())
}

// DocsURL is the page of a case.
func (c Case) DocsURL() string {
	return "https://github.com/pocketbook-studio/pbhook/blob/main/docs/checks/" + c.ID + ".md"
}

// PatternError says that a pattern matches no case.
type PatternError struct{ Pattern string }

func (e *PatternError) Error() string { return "no case matches " + quote(e.Pattern) }

// Select gives the cases whose ids match one of the globs in only (all if there is none) and none of those in skip, in
// their order. A pattern that matches no case at all is a [*PatternError], for it is likely misspelt.
func Select(only, skip []string) ([]Case, error) {
	all := Cases()
	for _, pattern := range slices.Concat(only, skip) {
		if !slices.ContainsFunc(all, func(c Case) bool { return matches(pattern, c.ID) }) {
			return nil, &PatternError{Pattern: pattern}
		}
	}
	chosen := func(c Case) bool {
		match := func(pattern string) bool { return matches(pattern, c.ID) }
		return (len(only) == 0 || slices.ContainsFunc(only, match)) && !slices.ContainsFunc(skip, match)
	}
	return slices.DeleteFunc(all, func(c Case) bool { return !chosen(c) }), nil
}

// matches takes a bare group, auth, for all of its cases.
func matches(pattern, id string) bool {
	ok, err := path.Match(strings.TrimSpace(pattern), id)
	return err == nil && ok || strings.HasPrefix(id, pattern+".") && !strings.Contains(pattern, ".")
}
