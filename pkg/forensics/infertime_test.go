package forensics_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

func TestTheTimeOfASignatureThatHoldsIsExplained(t *testing.T) {
	date := func(offset time.Duration) string {
		return signedAt.Add(offset).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	}
	for _, test := range []struct {
		name     string
		received time.Duration // after signing; 0 is not known
		date     string
		now      time.Duration // after signing
		want     []string
	}{
		{"in tolerance", 3 * time.Second, "", 3 * time.Second, nil},
		{"came in time, judged later", 3 * time.Second, "", 72 * time.Hour, nil},
		{"judged three hours later to the second, arrival unknown", 0, "", 3 * time.Hour, nil},
		{"came two hours after it was signed", 2*time.Hour + 2*time.Second, "", 2 * time.Hour, []string{"time.timezone"}},
		{"came two hours before it was signed", -2 * time.Hour, "", -2 * time.Hour, []string{"time.timezone"}},
		{"came two hours and a minute after it was signed", 2*time.Hour + time.Minute, "", 2*time.Hour + time.Minute, nil},
		{"came in between", 40 * time.Minute, "", 40 * time.Minute, nil},
		{"signed in the future", 0, "", -20 * time.Minute, []string{"time.clock-skew"}},
		{"signed an hour ahead", 0, "", -time.Hour, []string{"time.timezone"}},
		{"the sender's Date agrees with t, not with the arrival", 1000 * time.Second, date(0), 1000 * time.Second, []string{"time.clock-skew"}},
		{"the sender's Date agrees with the arrival, and t is hours off", 3 * time.Hour, date(3 * time.Hour), 3 * time.Hour, []string{"time.timezone"}},
		{"the tolerance to the second", 300 * time.Second, "", 300 * time.Second, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := forensics.Case{Date: test.date}
			if test.received != 0 {
				c.Received = signedAt.Add(test.received)
			}
			var got []string
			for _, likely := range forensics.InferTime(c, signedAt, forensics.Options{Now: signedAt.Add(test.now)}) {
				got = append(got, likely.ID)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("likely (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATimeBeforeTheEpochOfWebhooksIsNoAge(t *testing.T) {
	likely := forensics.InferTime(forensics.Case{}, time.Unix(1, 0), forensics.Options{Now: signedAt})
	if len(likely) != 1 || likely[0].ID != "time.unset" {
		t.Errorf("likely %+v, want time.unset", likely)
	}
}
