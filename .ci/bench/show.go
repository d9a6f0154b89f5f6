package main

import (
	"fmt"
	"time"
)

func perSecond(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.2fM/s", v/1e6)
	case v >= 1e3:
		return fmt.Sprintf("%.1fk/s", v/1e3)
	default:
		return fmt.Sprintf("%.0f/s", v)
	}
}

func nanoseconds(v float64) string {
	switch {
	case v >= float64(time.Second):
		return fmt.Sprintf("%.2f s", v/1e9)
	case v >= float64(10*time.Millisecond):
		return fmt.Sprintf("%.0f ms", v/1e6)
	case v >= float64(time.Millisecond):
		return fmt.Sprintf("%.2f ms", v/1e6)
	case v >= float64(10*time.Microsecond):
		return fmt.Sprintf("%.0f µs", v/1e3)
	default:
		return fmt.Sprintf("%.2f µs", v/1e3)
	}
}

func milliseconds(v float64) string { return nanoseconds(v * 1e6) }

// megabytes shows bytes in units of a million.
func megabytes(v float64) string { return fmt.Sprintf("%.1f MB", v/1e6) }

func allocations(v float64) string { return fmt.Sprintf("%.0f allocs", v) }
