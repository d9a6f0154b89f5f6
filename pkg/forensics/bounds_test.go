package forensics

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestNestingIsNotIndentedWithoutBound(t *testing.T) {
	deep := []byte(strings.Repeat("[", 9000) + strings.Repeat("]", 9000))
	indented := form{spacing: indentedBy("    "), escaping: escapings()[0]}
	if out, ok := indented.render(nil, deep); ok || len(out) > 256<<10 {
		t.Errorf("%d bytes were made of %d, whole: %t", len(out), len(deep), ok)
	}
	if out, ok := indented.render(nil, []byte(`[[[[1]]]]`)); !ok {
		t.Errorf("ordinary nesting was given up after %d bytes", len(out))
	}
}

func TestDeepValuesAreNotRearranged(t *testing.T) {
	nested := func(depth int) []byte {
		return []byte(strings.Repeat(`{"b":`, depth) + "1" + strings.Repeat("}", depth))
	}
	if _, ok := rearrange(nil, nested(maxMemberDepth), sorted); !ok {
		t.Error("what is deep enough was given up")
	}
	if _, ok := rearrange(nil, nested(maxMemberDepth+2), sorted); ok {
		t.Error("what is too deep was rearranged")
	}
}

func TestABombIsNotInflated(t *testing.T) {
	for size, want := range map[int]bool{1 << 10: true, 64 << 20: false} {
		var bomb bytes.Buffer
		writer := gzip.NewWriter(&bomb)
		if _, err := writer.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		out, ok := fromGzip(nil, bomb.Bytes())
		if ok != want || len(out) > 4*growth(bomb.Len()) {
			t.Errorf("%d bytes came of %d, whole: %t", len(out), bomb.Len(), ok)
		}
	}
}

func TestAHeaderAsksForBoundedWork(t *testing.T) {
	header := func(n int) string {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf("t=%d,v1=%064x", 1700000000+i, i+1))
		}
		return strings.Join(parts, ",")
	}
	if read := readTargets([]string{header(maxTargets)}); len(read.targets) != maxTargets || read.cut {
		t.Errorf("%d targets, cut %t", len(read.targets), read.cut)
	}
	if read := readTargets([]string{header(maxTargets + 1)}); len(read.targets) != maxTargets || !read.cut {
		t.Errorf("%d targets, cut %t", len(read.targets), read.cut)
	}
}

func TestTwoReadingsOfAClockAreSecondsApart(t *testing.T) {
	const t0 = 1700000000
	near := map[string]bool{}
	for _, c := range clocks("1700000000") {
		if c.alone {
			near[c.text] = true
		}
	}
	for apart := int64(-7); apart <= 7; apart++ {
		if want := apart != 0 && apart >= -5 && apart <= 5; near[strconv.FormatInt(t0+apart, 10)] != want {
			t.Errorf("%d seconds apart: tried %t, want %t", apart, !want, want)
		}
	}
	secret, err := signature.NewSecret("whsec_x")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range combine(keys([]NamedSecret{{Name: "current", Secret: secret}}), "1700000000")[2] {
		if c.clock.alone {
			t.Fatalf("two readings are tried together with %+v", c.changes())
		}
	}
}
