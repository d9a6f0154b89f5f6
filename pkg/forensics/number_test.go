package forensics

import "testing"

// The answers are those of node: JSON.stringify(JSON.parse(text)).
func TestNumbersAreWrittenAsJavaScriptDoes(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "100": "100", "0.1": "0.1", "1.0": "1", "1.50": "1.5", "1e2": "100", "-1.5E+3": "-1500",
		"9007199254740993":       "9007199254740992",
		"123456789012345678901":  "123456789012345680000",
		"1234567890123456789012": "1.2345678901234568e+21",
		"1e20":                   "100000000000000000000",
		"1e21":                   "1e+21",
		"0.000001":               "0.000001",
		"0.0000001":              "1e-7",
		"1.5e-7":                 "1.5e-7",
		"5e-324":                 "5e-324",
		"1e-400":                 "0",
		"1e400":                  "1e400", // JavaScript makes null of it, which is another value
	} {
		if got := string(appendJavaScriptNumber(nil, []byte(text))); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}
