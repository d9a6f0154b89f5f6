package forensics_test

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func ExampleExplain() {
	secret, err := signature.NewSecret("whsec_test_secret")
	if err != nil {
		panic(err)
	}
	// The body was signed compact; jq has pretty-printed it since.
	received := forensics.Case{
		Headers: []string{"t=1700000000,v1=a09a163a363451999eb6f14efc57810aaa61b574bda01da7ccf18b301d95d26c"},
		Body:    []byte("{\n  \"id\": \"evt_1\",\n  \"type\": \"a.b\"\n}\n"),
	}
	report, err := forensics.Explain(context.Background(), received, forensics.Options{
		Secrets: []forensics.NamedSecret{{Name: "current", Secret: secret}},
		Now:     time.Unix(1700000003, 0),
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Proven.ID)
	fmt.Println(report.Proven.Cause)
	fmt.Printf("signed   %q\n", report.Diff.Signed)
	fmt.Printf("received %q\n", report.Diff.Received)
	// Output:
	// json.indented
	// the body was pretty-printed after it was signed, as jq, editors and serialisers do: signed compact, received indented by 2 spaces, with a line feed at the end
	// signed   "{\"id\":\"evt_1\",\"type\":\"a.b\"}"
	// received "{\n  \"id\": \"evt_1\",\n  \"type\": \"a.b\"\n}\n"
}
