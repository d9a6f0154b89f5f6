package cmd

import (
	"net/http"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// defaultEndpoint is where the guide's sample servers listen.
const defaultEndpoint = "http://localhost:3000/webhooks/pocketbook"

// targetFlags say where a verb sends to, and how.
type targetFlags struct {
	to         string
	headers    []string
	timeout    time.Duration
	skipVerify bool
	cacert     string
}

func (t *targetFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&t.to, "to", "", "send to this `URL` (default $PBHOOK_TO, then the profile's, then "+defaultEndpoint+")")
	flags.StringArrayVarP(&t.headers, "header", "H", nil, "add `'Name: value'`, or replace the header of that name")
	flags.DurationVar(&t.timeout, "timeout", delivery.DefaultTimeout, "give up on an attempt after this `DURATION`")
	flags.BoolVar(&t.skipVerify, "insecure-skip-tls-verify", false, "accept any certificate; for a server of your own only")
	flags.StringVar(&t.cacert, "cacert", "", "trust the authorities in this PEM `FILE`, and no others")
	isSetting(flags, "to", "timeout")
}

// fill puts the target into the options of a client: flags over configuration, --header over the profile's headers.
func (t *targetFlags) fill(a *app, o *delivery.Options, concurrency int) error {
	o.Endpoint = endpointOf(a)
	o.UserAgent = "pbhook/" + a.version.Number
	o.Now = a.env.Now
	o.Timeout = t.timeout
	if a.config.Timeout > 0 {
		o.Timeout = a.config.Timeout
	}
	given := map[string]bool{}
	for _, line := range t.headers {
		name, value, found := strings.Cut(line, ":")
		if !found {
			return &valueError{"--header", name, "is not 'Name: value'"}
		}
		given[strings.ToLower(name)] = true
		o.Header = append(o.Header, capture.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	for _, header := range a.config.Headers {
		if !given[strings.ToLower(header.Name)] {
			o.Header = append(o.Header, capture.Field{Name: header.Name, Value: header.Value})
		}
	}
	return t.transport(a, o, concurrency)
}

// endpointOf is where events are sent to: the configuration has what --to says.
func endpointOf(a *app) string {
	if a.config.To != "" {
		return a.config.To
	}
	return defaultEndpoint
}

func (t *targetFlags) transport(a *app, o *delivery.Options, concurrency int) error {
	if o.Transport = a.env.Transport; o.Transport != nil {
		return nil
	}
	options := delivery.TransportOptions{
		InsecureSkipVerify: t.skipVerify,
		Proxy:              http.ProxyFromEnvironment,
		Concurrency:        concurrency,
	}
	if t.cacert != "" {
		pem, err := readFile(t.cacert)
		if err != nil {
			return err
		}
		if options.RootCAs, err = delivery.ParseCACert(t.cacert, pem); err != nil {
			return err
		}
	}
	o.Transport = delivery.NewTransport(options)
	return nil
}
