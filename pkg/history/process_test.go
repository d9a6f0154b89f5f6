package history_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// job tells a copy of the test binary what to do, as another pbhook would: to add to the history at a path, "path\ncount",
// with 0 for without end, or to "path\nread" it.
const job = "HISTORY_TEST_JOB"

func TestMain(m *testing.M) {
	if order, given := os.LookupEnv(job); given {
		if err := work(order); err != nil {
			readOnly := (*history.ReadOnlyError)(nil)
			fmt.Fprintf(os.Stderr, "%v (read-only: %t)\n", err, errors.As(err, &readOnly))
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func work(order string) error {
	ctx := context.Background()
	path, what, _ := strings.Cut(order, "\n")
	store, err := history.Open(ctx, history.Options{Path: path, ReadOnly: what == "read"})
	if err != nil {
		return err
	}
	if what == "read" {
		count, err := store.Count(ctx, history.Query{})
		fmt.Println(count, "records")
		return err
	}
	count, err := strconv.Atoi(what)
	if err != nil {
		return err
	}
	return errors.Join(stream(ctx, store, count), store.Close())
}

// stream adds records, 8 at a time, and prints the id of each when it is told to be durable.
func stream(ctx context.Context, store *history.Store, count int) error {
	failed := make(chan error, 8)
	for range cap(failed) {
		go func() {
			for i := 0; count == 0 || i < count/cap(failed); i++ {
				id, err := store.Add(ctx, minted)
				if err != nil {
					failed <- err
					return
				}
				if _, err := fmt.Println(id); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			return err
		}
	}
	return nil
}

func process(t *testing.T, path string, count int) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), job+"="+path+"\n"+strconv.Itoa(count))
	cmd.Stderr = os.Stderr
	return cmd
}

func TestTwentyFourProcessesAddToOneHistory(t *testing.T) {
	const processes, each = 24, 40
	at := path(t)
	printed := make([][]string, processes)
	parallel(processes, func(i int) {
		out, err := process(t, at, each).Output()
		if err != nil {
			t.Errorf("process %d: %v", i, err)
		}
		printed[i] = strings.Fields(string(out))
	})
	want := slices.Concat(printed...)
	if len(want) != processes*each {
		t.Errorf("%d records were told to be durable, want %d", len(want), processes*each)
	}
	expectKept(t, at, want)
}

func TestTwentyFourGoroutinesEachWithAStoreOfItsOwn(t *testing.T) {
	const stores, each = 24, 20
	at := path(t)
	added := make([][]string, stores)
	parallel(stores, func(i int) {
		store, err := history.Open(t.Context(), history.Options{Path: at})
		if err != nil {
			t.Error(err)
			return
		}
		for range each {
			added[i] = append(added[i], add(t, store, minted))
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	expectKept(t, at, slices.Concat(added...))
}

// killRounds is how often a writer is killed; the e2e tests do so more often.
const killRounds = 3

func TestWhatWasToldDurableSurvivesAKilledProcess(t *testing.T) { killWriters(t, killRounds) }

func killWriters(t *testing.T, rounds int) {
	at := path(t)
	var told []string
	for round := range rounds {
		before := len(told)
		cmd := process(t, at, 0)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		for i := 0; ; i++ {
			line, err := lines.ReadString('\n')
			if err != nil { // a last line without its end was cut off, and nobody was told
				break
			}
			told = append(told, strings.TrimSpace(line))
			if i == 20+37*round%400 { // at another point of the stream each time
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
		expectKept(t, at, told[before:])
	}
	expectKept(t, at, told)
	if len(told) < rounds*20 {
		t.Errorf("only %d records were told to be durable in %d rounds", len(told), rounds)
	}
}

// expectKept opens the history and looks for every id, in a record that is whole.
func expectKept(t *testing.T, path string, ids []string) {
	t.Helper()
	store, err := history.Open(t.Context(), history.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	want := minted
	for _, want.ID = range ids {
		got, err := store.Get(t.Context(), want.ID)
		if err != nil {
			t.Errorf("%s was told to be durable: %v", want.ID, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
