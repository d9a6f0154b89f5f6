package ui

import (
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/schollz/progressbar/v3"
)

// Progress is a line that says how far a long job is. It is safe for concurrent use; Done takes the line away and
// may be called more than once.
type Progress interface {
	Add(n int)
	Describe(label string)
	Done()
}

const (
	redrawEvery = 100 * time.Millisecond
	clearLine   = "\r\x1b[2K"
)

// Progress begins a progress line of total steps, or a spinner if total is negative. It shows nothing unless t is a
// terminal that can move its cursor, nor while another progress line is on it. The label is trusted text.
func (t *Terminal) Progress(total int64, label string) Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.moves || total == 0 || t.bar != nil {
		return silent{}
	}
	total = max(total, -1)
	t.bar = &bar{
		terminal: t,
		total:    total,
		stop:     make(chan struct{}),
		state: progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(io.Discard), // the library computes the line, the terminal draws it
			progressbar.OptionSetDescription(label),
			progressbar.OptionSetWidth(min(30, t.Width()/4)),
			progressbar.OptionSetTheme(progressbar.Theme{Saucer: "━", SaucerPadding: "─"}),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionShowCount(),
			progressbar.OptionShowTotalBytes(total > 0),
			progressbar.OptionSpinnerType(14),
			progressbar.OptionSetSpinnerChangeInterval(0), // its own ticker would draw beside our lock
		),
	}
	t.bar.show()
	go t.bar.tick()
	return t.bar
}

type silent struct{}

func (silent) Add(int)         {}
func (silent) Describe(string) {}
func (silent) Done()           {}

// bar is the progress line on a terminal. Steps are only counted as they happen, so that a fast job is not slowed down
// by its own display; the terminal's lock guards the rest.
type bar struct {
	terminal *Terminal
	state    *progressbar.ProgressBar
	total    int64
	drawn    int64 // steps on screen
	added    atomic.Int64
	label    atomic.Pointer[string]
	stop     chan struct{}
	once     sync.Once
}

func (b *bar) Add(n int) { b.added.Add(int64(n)) }

func (b *bar) Describe(label string) { b.label.Store(&label) }

func (b *bar) Done() {
	b.once.Do(func() {
		close(b.stop)
		b.terminal.mu.Lock()
		defer b.terminal.mu.Unlock()
		b.hide()
		b.terminal.bar = nil
	})
}

// tick redraws at a steady pace, however often steps are added.
func (b *bar) tick() {
	ticker := time.NewTicker(redrawEvery)
	defer ticker.Stop()
	for {
		select {
		case <-b.stop:
			return
		case <-ticker.C:
			b.terminal.mu.Lock()
			if b.terminal.bar == b {
				b.show()
			}
			b.terminal.mu.Unlock()
		}
	}
}

func (b *bar) hide() { _, _ = io.WriteString(b.terminal.out, clearLine) }

func (b *bar) show() {
	if label := b.label.Swap(nil); label != nil {
		b.state.Describe(*label)
	}
	steps := b.added.Swap(0)
	if b.total > 0 {
		steps = min(steps, b.total-b.drawn) // more than was announced is no reason to draw beyond the end
	}
	b.drawn += steps
	_ = b.state.Add64(steps)
	_ = b.state.RenderBlank()
	line := strings.TrimSpace(b.state.String())
	// One column less than there is: a terminal that wraps at its edge would leave a line behind.
	_, _ = io.WriteString(b.terminal.out, clearLine+ansi.Truncate(line, b.terminal.Width()-1, "…"))
}
