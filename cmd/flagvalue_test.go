package cmd

import "testing"

func TestASharePercentOrFraction(t *testing.T) {
	for text, want := range map[string]float64{"20%": 0.2, "0.2": 0.2, "100%": 1, "0": 0, "0.5%": 0.005} {
		var got float64
		if err := (fractionFlag{&got}).Set(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "101%", "1.1", "-1%", "NaN", "a fifth"} {
		if err := (fractionFlag{new(float64)}).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestARateIsInASecond(t *testing.T) {
	for text, want := range map[string]float64{"50": 50, "50/s": 50, "3000/m": 50, "1800/h": 0.5, "0.5": 0.5} {
		var got float64
		if err := (rateFlag{&got}).Set(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "-5", "50/d", "Inf", "NaN", "2000000"} {
		if err := (rateFlag{new(float64)}).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
