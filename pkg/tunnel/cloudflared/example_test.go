package cloudflared_test

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/cloudflared"
)

// A quick tunnel needs the program, but no account, and gets another URL every time.
func ExampleProvider_Caps() {
	caps := cloudflared.Provider{}.Caps()
	fmt.Println(caps.NeedsBinary, caps.NeedsAccount, caps.StableURL)
	// Output: true false false
}
