package event_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/event"
)

func TestFormatsTakeAndRefuse(t *testing.T) {
	hex := func(digits int) string { return strings.Repeat("aB1", digits)[:digits] }
	cid0 := "Qm" + strings.Repeat("z", 44)
	cid1 := "bafybei" + strings.Repeat("a2", 26)
	for format, test := range map[string]struct{ takes, refuses []string }{
		event.FormatEventID:         {[]string{"evt_1234567890", "evt_test_123", "evt_01J-x"}, []string{"", "evt_", "1", "EVT_1", "evt_1 ", "evt_" + hex(129)}},
		event.FormatObjectID:        {[]string{hex(24), strings.ToUpper(hex(24))}, []string{"", hex(23), hex(25), hex(23) + "g", hex(24) + "\n"}},
		event.FormatEVMAddress:      {[]string{"0x" + hex(40)}, []string{hex(40), "0x" + hex(39), "0x" + hex(41), "0X" + hex(40), " 0x" + hex(40)}},
		event.FormatEVMTxHash:       {[]string{"0x" + hex(64)}, []string{hex(64), "0x" + hex(63), "0x" + hex(65), "0xburned..."}},
		event.FormatTokenID:         {[]string{"0", "123456", strings.Repeat("9", 78)}, []string{"", "-1", "01", "1.5", "0x1", strings.Repeat("9", 79)}},
		event.FormatReferenceNumber: {[]string{"PB-ABC123", "PB-1"}, []string{"", "PB-", "PB-abc", "XX-ABC123", "PB-ABC 123"}},
		event.FormatUnixTimeString:  {[]string{"0", "1672531200", "253402300799"}, []string{"", "-1", "1672531200000", "1.5", "1e9", "2023-01-01"}},
		event.FormatIPFSURL: {[]string{"ipfs://" + cid0, "ipfs://" + cid1 + "/a.png", "https://ipfs.io/ipfs/" + cid0, "http://localhost:8080/ipfs/" + cid1 + "/a?b=c"},
			[]string{"", cid0, "https://ipfs.io/" + cid0, "https://ipfs.io/ipfs/QmHash...", "ipfs://Qm" + strings.Repeat("0", 44), "https:///ipfs/" + cid0, "ftp://ipfs.io/ipfs/" + cid0}},
		"date-time": {[]string{"2025-01-15T10:30:00Z", "2025-01-15T10:30:00.123+01:00"}, []string{"", "2025-01-15", "2025-02-30T10:30:00Z", "2025-01-15 10:30:00Z"}},
		"uri":       {[]string{"https://pocketbook.studio/claim/1"}, []string{"/claim/1", "https://[::1"}},
		"email":     {[]string{"user@example.com"}, []string{"user", "user@"}},
	} {
		for _, value := range test.takes {
			if got := violationsOf(t, format, strconv.Quote(value)); len(got) > 0 {
				t.Errorf("%s refuses %q: %v", format, value, got)
			}
		}
		for _, value := range test.refuses {
			got := violationsOf(t, format, strconv.Quote(value))
			if len(got) != 1 || !strings.HasPrefix(got[0].Expected, format) {
				t.Errorf("%s and %q: %v", format, value, got)
			}
		}
	}
}

func TestUnixTimeIsInSecondsBeforeTheYear10000(t *testing.T) {
	for value, valid := range map[string]bool{
		"0": true, "1640995200": true, "253402300799": true,
		"-1": false, "253402300800": false, "1640995200000": false, "1.5": false, "1e9": false,
	} {
		if got := violationsOf(t, event.FormatUnixTime, value); (len(got) == 0) != valid {
			t.Errorf("%s: %v", value, got)
		}
	}
}

func TestAFormatLeavesOtherTypesToTheTypeKeyword(t *testing.T) {
	for _, format := range []string{
		event.FormatEventID, event.FormatObjectID, event.FormatEVMAddress, event.FormatEVMTxHash, event.FormatTokenID,
		event.FormatReferenceNumber, event.FormatUnixTimeString, event.FormatIPFSURL,
	} {
		if got := violationsOf(t, format, "7"); len(got) > 0 {
			t.Errorf("%s judges a number: %v", format, got)
		}
	}
	if got := violationsOf(t, event.FormatUnixTime, `"7"`); len(got) > 0 {
		t.Errorf("%s judges a string: %v", event.FormatUnixTime, got)
	}
}

func violationsOf(t *testing.T, format, body string) []event.Violation {
	t.Helper()
	schemas := load(t, layer(map[string]string{"x": fmt.Sprintf(`{"format":%q}`, format)}))
	violations, err := schemas.Validate("x", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return violations
}
