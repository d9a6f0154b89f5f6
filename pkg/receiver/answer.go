package receiver

import (
	"encoding/json"
	"net/http"
)

func (r *Receipt) accept() {
	r.Status, r.Answer = http.StatusOK, []byte(`{"received":true}`)
}

// refuse answers with a reason. The reasons of package signature hold no signature that a sender could use.
func (r *Receipt) refuse(status int, reason string) {
	text, _ := json.Marshal(reason) // a string always has JSON
	r.Status, r.Answer = status, []byte(`{"error":`+string(text)+`}`)
}

func write(w http.ResponseWriter, status int, answer []byte) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(answer) // a sender that has left is told nothing
}
