package cmd_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// registeredSecret is what the API of the scripts hands out.
const registeredSecret = "whsec_registered_0123456789abcdef"

func startAPI(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: api NAME [ANSWER...]")
	}
	answers := args[1:]
	if len(answers) == 0 {
		answers = []string{"webhook"}
	}
	for i, answer := range answers {
		if file, ok := strings.CutPrefix(answer, "link="); ok {
			answers[i] = "link=" + ts.MkAbs(file)
		}
	}
	server := newScriptReceiver(ts, args[0], answers, httptest.NewServer)
	ts.Setenv(args[0], server.URL)
}

// answerAsAPI gives the answers that only an API gives, and tells whether this is one.
func answerAsAPI(w http.ResponseWriter, answer string) bool {
	file, link := strings.CutPrefix(answer, "link=")
	if link {
		_ = os.Remove(file)
		if err := os.Symlink(file+".elsewhere", file); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return true
		}
		answer = "webhook"
	}
	body, known := map[string]string{
		"webhook":  `{"data":{"webhookId":"wh_script","secret":"` + registeredSecret + `"}}`,
		"noid":     `{"data":{"secret":"` + registeredSecret + `"}}`,
		"nosecret": `{"data":{"webhookId":"wh_script"}}`,
	}[answer]
	if known {
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, body)
	}
	return known
}
