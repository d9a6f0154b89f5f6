package config

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// kind is what is searched for: a signing secret or a token.
type kind struct {
	key, flag, env string
	label          string // of the prompt
	longest        int    // bytes
	check          func(text string) error
	empty, tooLong error
	fail           func(source string, err error) error // of a source that has nothing usable
}

type search struct {
	host  Host
	cfg   Config
	kind  kind
	file  string // the one that was named, or - for standard input
	tried []string
}

// source is one place that may have what is searched for; read gives nothing if it has none.
type source struct {
	name string
	read func(context.Context) (string, error)
}

// first asks one source after the other.
func (s *search) first(ctx context.Context, sources []source) (text, from string, err error) {
	for _, source := range sources {
		s.tried = append(s.tried, source.name)
		text, err := source.read(ctx)
		if err != nil {
			return "", "", err
		}
		if text == "" {
			continue
		}
		if err := s.kind.check(text); err != nil {
			return "", "", s.kind.fail(source.name, err)
		}
		return text, source.name, nil
	}
	return "", "", nil
}

// sources are all places in their order. The flag is nil if it was not given, and asks first if it has no value.
func (s *search) sources(flag *string, required bool) []source {
	canAsk := ui.IsInputTTY(s.host.Stdin)
	if flag != nil && *flag == "" && canAsk {
		return []source{s.prompt()}
	}
	var sources []source
	if flag != nil && *flag != "" {
		sources = append(sources, given(s.kind.flag, *flag))
	}
	if s.file != "" {
		sources = append(sources, s.named())
	}
	sources = append(sources, s.variable(s.kind.env), s.dotenv(s.kind.env), s.profile(s.kind.key, s.cfg.credential(s.kind.key)))
	if required && canAsk {
		sources = append(sources, s.prompt())
	}
	return sources
}

func given(name, value string) source {
	return source{name, func(context.Context) (string, error) { return value, nil }}
}

// refuseEmpty is for sources that somebody named: nothing in them is a mistake, not a reason to look elsewhere.
func (s *search) refuseEmpty(inner source) source {
	return source{inner.name, func(ctx context.Context) (string, error) {
		text, err := inner.read(ctx)
		if err == nil && text == "" {
			err = s.kind.fail(inner.name, s.kind.empty)
		}
		return text, err
	}}
}

// named is the file that somebody named, or standard input.
func (s *search) named() source {
	if s.file == "-" {
		return s.refuseEmpty(source{"standard input", func(ctx context.Context) (string, error) {
			if ui.IsInputTTY(s.host.Stdin) {
				return s.prompt().read(ctx)
			}
			return s.oneLine(ui.Interruptible(ctx, s.host.Stdin))
		}})
	}
	path := s.file
	return s.refuseEmpty(source{path, func(context.Context) (string, error) {
		file, err := os.Open(path) // a link or a pipe is fine: somebody named it
		if err != nil {
			return "", fileError(path, err)
		}
		defer func() { _ = file.Close() }()
		text, err := s.oneLine(file)
		if err != nil {
			return "", s.kind.fail(path, err)
		}
		return text, nil
	}})
}

// oneLine reads what is searched for and cuts off the one line end that an editor or echo puts behind it.
func (s *search) oneLine(r io.Reader) (string, error) {
	content, err := readBounded(r, s.kind.longest+len("\r\n"), s.kind.tooLong)
	if err != nil {
		return "", err
	}
	text, cut := strings.CutSuffix(string(content), "\n")
	if cut {
		text = strings.TrimSuffix(text, "\r")
	}
	return text, nil
}

func (s *search) variable(name string) source { return given(name, s.host.env(name)) }

func (s *search) dotenv(name string) source {
	return source{dotenvFile, func(context.Context) (string, error) {
		values, err := readDotenv(s.host)
		return values[name], err
	}}
}

// profile looks into the settings, or into the keyring where they say that it is there.
func (s *search) profile(key, value string) source {
	if value != "" || !s.cfg.keyring {
		return given(s.profileName(), value)
	}
	return source{sourceKeyring, func(ctx context.Context) (string, error) {
		return fromKeyring(ctx, s.host, account(s.cfg.Profile, key))
	}}
}

func (s *search) profileName() string {
	if s.cfg.Profile == "" {
		return "configuration"
	}
	return "profile " + s.cfg.Profile
}

func (s *search) prompt() source {
	return s.refuseEmpty(source{"prompt", func(ctx context.Context) (string, error) {
		return ui.ReadHidden(ctx, s.host.Stdin, s.host.Stderr, s.kind.label)
	}})
}
