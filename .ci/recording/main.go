// Command recording plays a story with the real pbhook in a pseudo terminal and writes it as an asciicast (version 2).
//
// A recording is to differ from the last one only where pbhook does. So the frames have times of the story's own, and clock
// times and ids in the output are replaced by fixed ones; everything else, how long things took too, is what pbhook printed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

const (
	columns, rows = 118, 29
	endpoint      = "localhost:3000"
)

// scene is one command on an empty screen, or below the one before it.
type scene struct {
	comment, command string
	below            bool
	hold             time.Duration // how long the reader has for the output
}

func story() []scene {
	return []scene{
		{comment: "a signed event, as Pocketbook sends it", command: "pbhook send certificate.minted", hold: 2500 * time.Millisecond},
		{comment: "does the server refuse a forged one?", command: "pbhook send certificate.minted --tamper body", below: true, hold: 4 * time.Second},
		{comment: "the server says 401 to a genuine event: why?", command: "pbhook verify refused.http", hold: 7 * time.Second},
		{comment: "is the endpoint safe to ship?", command: "pbhook check --select 'auth.*,rot.*'", hold: 6 * time.Second},
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "recording:", err)
		os.Exit(1)
	}
}

func run() error {
	pbhook := flag.String("pbhook", "", "the `binary` to record")
	dir := flag.String("dir", "", "an empty folder to work in")
	svg := flag.String("finish", "", "finish the picture in this `file` instead, and tell what must not be in it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if *svg != "" {
		return finish(*svg)
	}
	return record(ctx, *pbhook, *dir)
}

func record(ctx context.Context, pbhook, dir string) error {
	env := []string{
		"PATH=" + filepath.Dir(pbhook) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + dir,
		"TERM=xterm-256color",
		"COLORTERM=truecolor",
		"POCKETBOOK_WEBHOOK_SECRET=whsec_demo",
	}
	end, err := listen(ctx, pbhook, dir, env)
	if err != nil {
		return err
	}
	defer end()
	if err := writeRefused(ctx, pbhook, dir, env); err != nil {
		return err
	}
	cast := newCast(os.Stdout, columns, rows)
	fix := newFixer()
	for _, scene := range story() {
		output, err := play(ctx, scene.command, dir, env)
		if err != nil {
			return fmt.Errorf("%s: %w", scene.command, err)
		}
		if !scene.below {
			cast.print("\x1b[2J\x1b[H")
		} else {
			cast.print("\r\n")
		}
		cast.print("\x1b[33m# " + scene.comment + "\x1b[0m\r\n\x1b[32m$\x1b[0m ")
		cast.wait(400 * time.Millisecond)
		cast.typed(scene.command)
		cast.print("\r\n")
		for _, line := range strings.SplitAfter(fix.text(output), "\n") {
			cast.print(line)
			cast.wait(30 * time.Millisecond)
		}
		cast.wait(scene.hold)
	}
	return cast.flush()
}

// listen starts the receiver that the story talks to, and returns what ends it.
func listen(ctx context.Context, pbhook, dir string, env []string) (end func(), err error) {
	command := exec.CommandContext(ctx, pbhook, "listen", endpoint, "--show", "line")
	command.Dir, command.Env = dir, env
	stderr, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	end = func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	}
	if err := waitForReady(stderr); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// writeRefused makes the capture of a genuine event whose body a framework parsed and wrote anew.
func writeRefused(ctx context.Context, pbhook, dir string, env []string) error {
	command := exec.CommandContext(ctx, pbhook, "send", "certificate.minted", "--dry-run")
	command.Dir, command.Env = dir, env
	request, err := command.Output()
	if err != nil {
		return err
	}
	anew := strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(string(request))
	return os.WriteFile(filepath.Join(dir, "refused.http"), []byte(anew), 0o600)
}
