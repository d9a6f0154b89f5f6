package receiver_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

func TestParseExpectations(t *testing.T) {
	got, err := receiver.ParseExpectations("certificate.minted=1, voucher.* >= 2,bulk_job.failed=0,a.b<=3,c.d")
	want := []receiver.Expectation{
		{"certificate.minted", 1, 1}, {"voucher.*", 2, -1}, {"bulk_job.failed", 0, 0}, {"a.b", 0, 3}, {"c.d", 1, -1},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for i, text := range []string{"certificate.minted=1", "voucher.*>=2", "bulk_job.failed=0", "a.b<=3", "c.d>=1"} {
		if got[i].String() != text {
			t.Errorf("written %s, want %s", got[i], text)
		}
	}
	for _, text := range []string{"", "a.b,", "a.b=", "a.b=x", "a.b=-1", "a.b>1", "=1", "a b=1", "[=1", "a.b=9999999999", "a.b==1"} {
		var failed *receiver.ExpectationError
		if got, err := receiver.ParseExpectations(text); !errors.As(err, &failed) {
			t.Errorf("%q: %v %v, want an ExpectationError", text, got, err)
		}
	}
}

func TestExpectationsAreMetExceededOrOpen(t *testing.T) {
	tests := []struct {
		text                   string
		count                  int
		met, exceeded, forbids bool
	}{
		{"a.b=1", 0, false, false, false},
		{"a.b=1", 1, true, false, false},
		{"a.b=1", 2, false, true, false},
		{"a.b>=2", 1, false, false, false},
		{"a.b>=2", 9, true, false, false},
		{"a.b<=2", 0, true, false, true},
		{"a.b<=2", 3, false, true, true},
		{"a.b=0", 0, true, false, true},
		{"a.b=0", 1, false, true, true},
	}
	for _, tt := range tests {
		all, err := receiver.ParseExpectations(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		e := all[0]
		if e.Met(tt.count) != tt.met || e.Exceeded(tt.count) != tt.exceeded || e.Forbids() != tt.forbids {
			t.Errorf("%s of %d: met %t, exceeded %t, forbids %t", e, tt.count, e.Met(tt.count), e.Exceeded(tt.count), e.Forbids())
		}
	}
}

func TestExpectationsTakeTypesByPattern(t *testing.T) {
	e := receiver.Expectation{Types: "voucher.*"}
	if !e.Takes("voucher.minted") || e.Takes("certificate.minted") || e.Takes("") {
		t.Error("voucher.* takes other types than those of vouchers")
	}
}
