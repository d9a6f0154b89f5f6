package ssh_test

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

// A destination is written as in other tools; what is wrong with it is said without its password.
func ExampleParseDestination() {
	destination, err := ssh.ParseDestination("ssh://ada@tuns.example:2222")
	fmt.Println(destination, err)
	_, err = ssh.ParseDestination("ssh://ada:hunter2@tuns.example")
	fmt.Println(err)
	// Output:
	// ssh://ada@tuns.example:2222 <nil>
	// SSH destination "ssh://ada:…@tuns.example" holds a password; keys and the agent are used instead
}
