package ui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// Confirm asks a question on out and takes yes or y, and nothing else, for a yes. Without a terminal it is [ErrNotTTY]. When
// ctx ends first its cause is returned, while one read stays pending on in. The question is trusted text.
func Confirm(ctx context.Context, in io.Reader, out io.Writer, question string) (bool, error) {
	if !isTTY(in) {
		return false, ErrNotTTY
	}
	fmt.Fprintf(out, "%s [y/N] ", question)
	line, err := bufio.NewReader(Interruptible(ctx, in)).ReadString('\n')
	if err != nil {
		fmt.Fprintln(out)
		return false, err
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", nil
}
