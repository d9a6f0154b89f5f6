package ui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

func TestInterruptibleReadsAllThatComes(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 30_000)
	if err := iotest.TestReader(ui.Interruptible(t.Context(), bytes.NewReader(want)), want); err != nil {
		t.Error(err)
	}
}

func TestAWaitForInputEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent, writer := io.Pipe()
		defer writer.Close()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := ui.Interruptible(ctx, silent).Read(make([]byte, 10))
			ended <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the read ended with %v, want that of the context", err)
		}
	})
}
