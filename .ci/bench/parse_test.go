package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A benchmark that was renamed would make go test succeed without a figure.
func TestBenchmarksExist(t *testing.T) {
	found := 0
	for _, c := range comparisons() {
		bench, ok := c.by.(goBench)
		if !ok {
			continue
		}
		found++
		files, err := filepath.Glob(filepath.Join("../..", bench.dir, bench.pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var source strings.Builder
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
		if !strings.Contains(source.String(), "\nfunc Benchmark"+bench.name+"(b *testing.B)") {
			t.Errorf("%s: there is no Benchmark%s in %s of %q", c.name, bench.name, bench.pkg, bench.dir)
		}
	}
	if found == 0 {
		t.Error("no comparison is a benchmark")
	}
}

func TestParseGoBench(t *testing.T) {
	got := parseGoBench(`goos: linux
cpu: Some CPU @ 2.00GHz
BenchmarkVerify/sdk-2         	  370940	      7467 ns/op	     784 B/op	      17 allocs/op
BenchmarkVerify/sdk-2         	  434289	      7526 ns/op	     784 B/op	      17 allocs/op
BenchmarkVerify/parallel=50-2 	      24	  43283630 ns/op	      1775 hmac-ns	         0.4649 x_sdk
BenchmarkVerify/parallel=50-2 	     100	  45547471 ns/op	      2781 hmac-ns	         0.2318 x_sdk
BenchmarkExplain/1_KB         	       9	 113000000 ns/op
PASS
ok  	example.com/differential	19.594s
`)
	want := []figures{
		{
			"Verify/sdk ns/op": 7467, "Verify/sdk B/op": 784, "Verify/sdk allocs/op": 17,
			"Verify/parallel=50 ns/op": 43283630, "Verify/parallel=50 hmac-ns": 1775, "Verify/parallel=50 x_sdk": 0.4649,
			"Explain/1_KB ns/op": 113000000,
		},
		{
			"Verify/sdk ns/op": 7526, "Verify/sdk B/op": 784, "Verify/sdk allocs/op": 17,
			"Verify/parallel=50 ns/op": 45547471, "Verify/parallel=50 hmac-ns": 2781, "Verify/parallel=50 x_sdk": 0.2318,
		},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d rounds: %v", len(got), got)
	}
	for i := range want {
		if !maps.Equal(got[i], want[i]) {
			t.Errorf("round %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestParseMemory(t *testing.T) {
	got := parseMemory(`resident MB after each tenth of 200000 events, and of 1000 bodies of 1 MiB
events      38    40    42    43    43    44    44    44    44    45   last/third 1.07
large      120   130   131   131   131   131   131   131   131   143   last/third 1.09
`)
	want := figures{"events third": 42e6, "events last": 45e6, "large third": 131e6, "large last": 143e6}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParseStartup(t *testing.T) {
	got := parseStartup(`pbhook has 25936034 bytes
medians of 25 rounds
                       elapsed   ratio       cpu   ratio
bare --version         5.46 ms    1.00   3.21 ms    1.00
pbhook --version       7.98 ms    1.46   4.66 ms    1.45
`)
	want := figures{
		"bare --version elapsed": 5.46, "bare --version cpu": 3.21, "pbhook --version elapsed": 7.98, "pbhook --version cpu": 4.66,
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
