package exec_test

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
)

// A command is split as a shell splits it, and nothing in it is run.
func ExampleParseCommand() {
	getenv := func(string) string { return "bore.example" }
	command, err := exec.ParseCommand(`bore local {port} --to "$SERVER"`, getenv)
	fmt.Printf("%q %v\n", command, err)
	_, err = exec.ParseCommand("bore local $(cat port)", getenv)
	fmt.Println(err)
	// Output:
	// ["bore" "local" "{port}" "--to" "bore.example"] <nil>
	// tunnel command "bore local $(cat port)" cannot be read: unexpected command substitution at 1:12
}
