package cmd

import (
	"fmt"
	"strconv"
	"strings"
)

// fractionFlag reads a share such as 20% or 0.2 into the range 0 to 1.
type fractionFlag struct{ value *float64 }

func (f fractionFlag) Type() string   { return "share" }
func (f fractionFlag) String() string { return formatShare(f.value) }

func (f fractionFlag) Set(text string) error {
	share, err := parseShare(text)
	if err != nil {
		return err
	}
	*f.value = share
	return nil
}

func formatShare(value *float64) string {
	if value == nil {
		return ""
	}
	return strconv.FormatFloat(*value*100, 'g', -1, 64) + "%"
}

func parseShare(text string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	share, err := strconv.ParseFloat(digits, 64)
	if percent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return 0, fmt.Errorf("%q is not a share from 0%% to 100%%", text)
	}
	return share, nil
}

// rateFlag reads requests a second: 50, 50/s or 3000/m.
type rateFlag struct{ value *float64 }

func (f rateFlag) Type() string { return "rate" }

func (f rateFlag) String() string {
	if f.value == nil || *f.value == 0 {
		return ""
	}
	return strconv.FormatFloat(*f.value, 'g', -1, 64) + "/s"
}

func (f rateFlag) Set(text string) error {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), "/")
	seconds, known := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	rate, err := strconv.ParseFloat(number, 64)
	if err != nil || !known || !(rate > 0 && rate <= 1e6) {
		return fmt.Errorf("%q is not a rate such as 50, 50/s or 3000/m", text)
	}
	*f.value = rate / seconds
	return nil
}
