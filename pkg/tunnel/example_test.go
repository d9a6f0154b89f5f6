package tunnel_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// A door keeps everything but webhooks away from a handler.
func ExampleDoor() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"received":true}`) })
	door := tunnel.NewDoor(handler, tunnel.DoorOptions{Path: "/webhooks/pocketbook"})

	for _, request := range []*http.Request{
		httptest.NewRequest(http.MethodPost, "/webhooks/pocketbook", strings.NewReader(`{"id":"evt_1"}`)),
		httptest.NewRequest(http.MethodGet, "/webhooks/pocketbook", nil),
		httptest.NewRequest(http.MethodPost, "/admin", nil),
	} {
		recorder := httptest.NewRecorder()
		door.ServeHTTP(recorder, request)
		fmt.Println(recorder.Code, strings.TrimSpace(recorder.Body.String()))
	}
	// Output:
	// 200 {"received":true}
	// 405 {"error":"method not allowed, use POST"}
	// 404 {"error":"not found"}
}
