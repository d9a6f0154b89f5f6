package forward

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// Route says which events go to which server.
type Route struct {
	// Events are patterns of event types such as "voucher.*", as path.Match reads them; none takes everything.
	Events []string
	// Target is an http or https URL without user name and password. Its fragment is never sent.
	Target string
}

// RouteError says which pattern of a route cannot be used and why.
type RouteError struct {
	Pattern string
	Reason  string // "is not a pattern", …
}

func (e *RouteError) Error() string { return fmt.Sprintf("pattern %q %s", e.Pattern, e.Reason) }

// ParseRoute reads "URL" or "PATTERN[,PATTERN…]=URL". It returns a [*RouteError] for a pattern that cannot be used, and a
// *delivery.EndpointError for such a URL.
func ParseRoute(text string) (Route, error) {
	route := Route{Target: text}
	// A URL without patterns may have an equals sign too, but not before its scheme.
	if patterns, target, found := strings.Cut(text, "="); found && !strings.Contains(patterns, "://") {
		route.Events = strings.Split(patterns, ",")
		route.Target = target
	}
	_, err := route.check()
	return route, err
}

// Takes tells whether events of the type go to the target.
func (r Route) Takes(eventType string) bool {
	for _, pattern := range r.Events {
		if matched, err := path.Match(pattern, eventType); matched && err == nil && eventType != "" {
			return true
		}
	}
	return len(r.Events) == 0
}

// String writes the route as [ParseRoute] reads it.
func (r Route) String() string {
	if len(r.Events) == 0 {
		return r.Target
	}
	return strings.Join(r.Events, ",") + "=" + r.Target
}

func (r Route) check() (*url.URL, error) {
	for _, pattern := range r.Events {
		if pattern == "" {
			return nil, &RouteError{Pattern: pattern, Reason: "is empty and would take no event"}
		}
		if strings.ContainsAny(pattern, "=, \t\r\n") {
			return nil, &RouteError{Pattern: pattern, Reason: "has a character that no event type has"}
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, &RouteError{Pattern: pattern, Reason: "has a bracket or backslash without its end"}
		}
	}
	return delivery.ParseEndpoint(r.Target)
}
