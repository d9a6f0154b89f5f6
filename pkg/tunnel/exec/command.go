package exec

import (
	"net"
	"strings"

	"mvdan.cc/sh/v3/shell"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// Placeholders in the words of a command, for the local address that the program is to lead to.
const (
	PlaceholderPort    = "{port}"    // "40123"
	PlaceholderAddress = "{address}" // "127.0.0.1:40123"
	PlaceholderURL     = "{url}"     // "http://127.0.0.1:40123"
)

// ParseCommand splits a command into words as a shell does, with quotes and variables; it runs nothing that stands in it. It
// returns a [*tunnel.OptionError].
func ParseCommand(text string, getenv func(string) string) ([]string, error) {
	words, err := shell.Fields(text, getenv)
	switch {
	case err != nil:
		return nil, &tunnel.OptionError{Option: "tunnel command", Value: text, Reason: "cannot be read: " + err.Error()}
	case len(words) == 0:
		return nil, &tunnel.OptionError{Option: "tunnel command", Value: text, Reason: "names no program"}
	}
	return words, nil
}

// fill puts the local address into the words of a command.
func fill(command []string, local net.Addr) []string {
	address := local.String()
	_, port, _ := net.SplitHostPort(address)
	replacer := strings.NewReplacer(PlaceholderPort, port, PlaceholderAddress, address, PlaceholderURL, "http://"+address)
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = replacer.Replace(word)
	}
	return words
}

// leadsHere tells whether a command says where the program is to lead.
func leadsHere(command []string) bool {
	text := strings.Join(command, " ")
	return strings.Contains(text, PlaceholderPort) || strings.Contains(text, PlaceholderAddress) || strings.Contains(text, PlaceholderURL)
}
