package ngrok_test

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

// A token can be recognised, but not read, wherever it is printed.
func ExampleNewToken() {
	token, err := ngrok.NewToken("2abcDEFghi_0123456789")
	fmt.Println(token, err)
	_, err = ngrok.NewToken("")
	fmt.Println(err)
	// Output:
	// …6789 <nil>
	// ngrok needs an authtoken
}
