package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

func TestRunRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"an unknown comparison", []string{"--only", "verify,nothing"}, `no comparison is named "nothing"; there are verify, `},
		{"an argument", []string{"verify"}, `unexpected argument "verify"`},
		{"an unknown flag", []string{"--fast"}, "flag provided but not defined: -fast"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(context.Background(), tt.args, &stdout, &stderr); code != exitUsage {
				t.Errorf("code %d", code)
			}
			if !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
				t.Errorf("stderr %q, stdout %q", &stderr, &stdout)
			}
		})
	}
}

func TestOnlyChoosesInTheGivenOrder(t *testing.T) {
	chosen, quick, err := parse([]string{"--only", "tunnel,verify", "--quick"}, nil)
	if err != nil || !quick || len(chosen) != 2 || chosen[0].name != "tunnel" || chosen[1].name != "verify" {
		t.Errorf("got %v, %v, %v", chosen, quick, err)
	}
}

// A command's own children must not outlive it: the sink of one comparison would disturb the next.
func TestACommandEndsWithWhatItStarted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	w := &workshop{log: &log}
	cmd := w.start(ctx, command{args: []string{"sh", "-c", "sleep 60 & echo started; wait"}})
	cmd.Dir = t.TempDir()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	cancel()
	// The pipe is open for as long as anyone of the group lives.
	if pipe, ok := out.(*os.File); !ok || pipe.SetReadDeadline(time.Now().Add(20*time.Second)) != nil {
		t.Fatal("the pipe knows no deadline")
	}
	if _, err := out.Read(make([]byte, 16)); !errors.Is(err, io.EOF) {
		t.Errorf("what it started is still there: %v", err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("it was not ended")
	}
}

func TestAFailedCommandIsToldWithoutItsPlace(t *testing.T) {
	w := &workshop{root: t.TempDir(), log: io.Discard}
	for _, tt := range []struct {
		command command
		want    string
	}{
		{command{args: []string{"sh", "-c", "exit 3"}}, "sh: exit status 3"},
		{command{args: []string{"/nowhere/peer", "attack"}}, "peer attack: no such file or directory"},
		{command{dir: "absent", args: []string{"sh", "-c", "exit 3"}}, "sh: no such file or directory"},
	} {
		if _, err := w.output(t.Context(), tt.command); err == nil || err.Error() != tt.want {
			t.Errorf("%v: %v, want %s", tt.command.args, err, tt.want)
		}
	}
}
