package forward_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

func TestParseRoute(t *testing.T) {
	for text, want := range map[string]forward.Route{
		"http://localhost:3000/hooks":          {Target: "http://localhost:3000/hooks"},
		"https://example.com/?a=b":             {Target: "https://example.com/?a=b"},
		"voucher.*=http://localhost:4000/v":    {Events: []string{"voucher.*"}, Target: "http://localhost:4000/v"},
		"*.minted,bulk_job.*=http://[::1]?a=b": {Events: []string{"*.minted", "bulk_job.*"}, Target: "http://[::1]?a=b"},
	} {
		got, err := forward.ParseRoute(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: error %v, route (-want +got):\n%s", text, err, diff)
		}
		if got.String() != text {
			t.Errorf("%s is written as %s", text, got)
		}
	}
}

func TestParseRouteRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                                  "is empty",
		"localhost:3000":                    "needs http://",
		"=http://localhost":                 `pattern "" is empty`,
		"voucher.*,=http://localhost":       `pattern "" is empty`,
		"voucher.[=http://localhost":        `pattern "voucher.[" has a bracket`,
		"voucher.*, a.*=http://localhost":   `pattern " a.*" has a character`,
		"voucher.*=":                        "is empty",
		"voucher.*=localhost":               "needs http://",
		"a=b=http://localhost":              "is not a URL",
		"http://user:hunter2@localhost":     "user name or password",
		"a.*=http://user:hunter2@localhost": "user name or password",
	} {
		_, err := forward.ParseRoute(text)
		var route *forward.RouteError
		var endpoint *delivery.EndpointError
		if err == nil || !errors.As(err, &route) && !errors.As(err, &endpoint) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error %v, want one that says %s", text, err, says)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error shows the password", text)
		}
	}
}

func TestWhichEventsARouteTakes(t *testing.T) {
	for name, tt := range map[string]struct {
		events []string
		typ    string
		want   bool
	}{
		"without patterns every one":    {nil, "a.b", true},
		"without patterns what is none": {nil, "", true},
		"by a pattern":                  {[]string{"voucher.*"}, "voucher.minted", true},
		"by one of several":             {[]string{"a.*", "*.minted"}, "voucher.minted", true},
		"by its name":                   {[]string{"voucher.minted"}, "voucher.minted", true},
		"no other":                      {[]string{"voucher.*"}, "certificate.minted", false},
		"nothing that is no event":      {[]string{"*"}, "", false},
	} {
		if got := (forward.Route{Events: tt.events}).Takes(tt.typ); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]forward.Faults{
		"":  nil,
		" ": nil,
		"delay=2s@10%,duplicate@5%,drop@1%,reorder@5%,status=500@20%": {
			{Kind: forward.FaultDelay, Share: 0.1, Delay: 2 * time.Second}, {Kind: forward.FaultDuplicate, Share: 0.05},
			{Kind: forward.FaultDrop, Share: 0.01}, {Kind: forward.FaultReorder, Share: 0.05}, {Kind: forward.FaultStatus, Share: 0.2, Status: 500},
		},
		" drop , status=404@0.5% ": {{Kind: forward.FaultDrop, Share: 1}, {Kind: forward.FaultStatus, Share: 0.005, Status: 404}},
		"drop@0%,drop@100%":        {{Kind: forward.FaultDrop}, {Kind: forward.FaultDrop, Share: 1}},
	} {
		got, err := forward.ParseFaults(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: error %v, faults (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseFaultsRefuses(t *testing.T) {
	for text, want := range map[string]forward.FaultError{
		"lose@5%":                               {Fault: "lose@5%", Reason: "is none of delay, duplicate, drop, reorder and status"},
		"drop,,drop":                            {Fault: "", Reason: "is none of delay, duplicate, drop, reorder and status"},
		"drop, delay@5%":                        {Fault: "delay@5%", Reason: "needs a time, such as delay=2s"},
		"delay=2":                               {Fault: "delay=2", Reason: "needs a time, such as delay=2s"},
		"delay=-2s":                             {Fault: "delay=-2s", Reason: "has a time outside 0 to 1h"},
		"delay=61m":                             {Fault: "delay=61m", Reason: "has a time outside 0 to 1h"},
		"status=abc":                            {Fault: "status=abc", Reason: "needs a status, such as status=500"},
		"status=101":                            {Fault: "status=101", Reason: "has a status outside 200 to 599"},
		"status=600":                            {Fault: "status=600", Reason: "has a status outside 200 to 599"},
		"drop=1":                                {Fault: "drop=1", Reason: "takes no value"},
		"drop@0.1":                              {Fault: "drop@0.1", Reason: "has a share that is not a percentage such as 10%"},
		"drop@ten%":                             {Fault: "drop@ten%", Reason: "has a share that is not a percentage such as 10%"},
		"drop@101%":                             {Fault: "drop@101%", Reason: "has a share outside 0% to 100%"},
		"drop@-1%":                              {Fault: "drop@-1%", Reason: "has a share outside 0% to 100%"},
		"drop@NaN%":                             {Fault: "drop@NaN%", Reason: "has a share outside 0% to 100%"},
		strings.Repeat("drop,", 32) + "reorder": {Fault: "reorder", Reason: "is one more than the 32 allowed"},
	} {
		_, err := forward.ParseFaults(text)
		var refused *forward.FaultError
		if !errors.As(err, &refused) {
			t.Errorf("%s: error %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, *refused); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		options forward.Options
		says    string
	}{
		"a route to nowhere":       {forward.Options{Routes: to("localhost:3000")}, "needs http://"},
		"a pattern that is none":   {forward.Options{Routes: []forward.Route{{Events: []string{"["}, Target: "http://localhost"}}}, "has a bracket"},
		"a negative timeout":       {forward.Options{Timeout: -1}, `timeout "-1ns" is negative`},
		"negative retries":         {forward.Options{Retries: -1}, `retries "-1" is negative`},
		"a negative concurrency":   {forward.Options{Concurrency: -1}, `concurrency "-1" is negative`},
		"a negative queue":         {forward.Options{Queue: -1}, `queue "-1" is negative`},
		"a negative delay":         {forward.Options{Schedule: []time.Duration{1, -1}}, `schedule "-1ns" is negative`},
		"a fault that is none":     {forward.Options{Faults: forward.Faults{{Kind: "lose"}}}, `fault "lose" is none of`},
		"a fault that is too much": {forward.Options{Faults: forward.Faults{{Kind: forward.FaultDrop, Share: 2}}}, "has a share outside"},
	} {
		if _, err := forward.New(tt.options); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want one that says %s", name, err, tt.says)
		}
	}
}
