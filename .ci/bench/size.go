package main

import (
	"context"
	"os"
)

// measureSize is of pbhook for this machine as it is released.
func measureSize(ctx context.Context, w *workshop) (measurement, error) {
	release, err := w.release(ctx)
	if err != nil {
		return measurement{}, err
	}
	info, err := os.Stat(release)
	if err != nil {
		return measurement{}, err
	}
	return measurement{rounds: []figures{{"size": float64(info.Size())}}}, nil
}
