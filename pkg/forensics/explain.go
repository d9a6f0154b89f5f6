package forensics

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// DefaultBudget is how long a search may take.
const DefaultBudget = 2 * time.Second

// MaxSecrets is how many secrets one search may try.
const MaxSecrets = 64

// ErrTooManySecrets says that there are more than [MaxSecrets].
var ErrTooManySecrets = errors.New("too many secrets to search with")

// Options say what to search with. Secrets must hold at least one; all else may be left zero.
type Options struct {
	Secrets   []NamedSecret // the first is the one the delivery should verify under, "current"
	Samples   [][]byte      // JSON bodies with the documented order of keys, to find bodies whose keys were reordered
	Budget    time.Duration // 0 is DefaultBudget
	Tolerance time.Duration // how far t may be from its arrival; 0 is signature.DefaultTolerance
	Now       time.Time     // what is judged against when Case.Received is zero; zero to judge no time at all
	Workers   int           // goroutines; 0 is one per processor
	// Progress is called as the search goes on, from one goroutine at a time. A search that finds something ends before
	// done reaches total.
	Progress func(done, total int)
}

// Explain searches for the cause. It starts no goroutine that outlives it, needs memory in proportion to the body, and
// gives the same proof for the same case whatever the number of workers, unless the budget cut it short.
//
// It returns [signature.ErrEmptySecret] without secrets, [ErrTooManySecrets] with too many, [signature.ErrMissingHeader]
// without a header, and the error of ctx, beside what is known so far, when ctx ended before the search did. That
// nothing was found is no error.
func Explain(ctx context.Context, c Case, o Options) (Report, error) {
	if err := o.check(c); err != nil {
		return Report{}, err
	}
	limited, cancel := context.WithTimeout(ctx, o.budget())
	defer cancel()
	read := readTargets(c.Headers)
	search := newSearch(limited, c, o, read.targets)
	hit, signatures := search.run(limited)

	report := Report{
		Signatures: signatures,
		Cut:        hit == nil && limited.Err() != nil,
		Restricted: read.cut || len(c.Body) > pairsUpTo,
	}
	if hit != nil {
		report.prove(search, hit)
	}
	report.Likely = o.infer(c, read, hit, report.Valid)
	if hit == nil {
		report.Tried = search.tried()
		return report, ctx.Err()
	}
	return report, nil
}

func (o Options) check(c Case) error {
	if len(o.Secrets) == 0 {
		return signature.ErrEmptySecret
	}
	if len(o.Secrets) > MaxSecrets {
		return fmt.Errorf("%w: %d, at most %d", ErrTooManySecrets, len(o.Secrets), MaxSecrets)
	}
	for _, secret := range o.Secrets {
		if secret.Secret.IsZero() {
			return fmt.Errorf("secret %q: %w", secret.Name, signature.ErrEmptySecret)
		}
	}
	if len(c.Headers) == 0 {
		return signature.ErrMissingHeader
	}
	return nil
}

func (o Options) budget() time.Duration {
	if o.Budget == 0 {
		return DefaultBudget
	}
	return o.Budget
}

func newSearch(ctx context.Context, c Case, o Options, targets []target) *search {
	s := &search{
		body:     c.Body,
		targets:  targets,
		rewrites: rewrites(learn(o.Samples)),
		styles:   escapings(),
		seed:     maphash.MakeSeed(),
		workers:  o.Workers,
	}
	if s.workers <= 0 {
		s.workers = runtime.GOMAXPROCS(0)
	}
	s.source = sync.OnceValue(func() source { return inspect(s.body, s.styles, s.seed, func() bool { return ctx.Err() != nil }) })
	s.sums = make([]uint64, len(s.rewrites))
	s.rewritten = make([]bool, len(s.rewrites))
	keys := keys(o.Secrets)
	for _, target := range targets {
		s.combinations = append(s.combinations, combine(keys, target.t))
	}
	if o.Progress != nil {
		total := 0
		for changes := range maxChanges + 1 {
			total += s.units(changes)
		}
		s.progress = &progress{total: total, tell: o.Progress}
	}
	return s
}
