package main

import "strings"

// guides links a command's page to the pages that teach what it is for.
func guides(command string) []string {
	_, verbs, _ := strings.Cut(command, " ")
	verb, _, _ := strings.Cut(verbs, " ")
	return map[string][]string{
		"demo":     {link("Sending", "../sending.md"), link("Listening", "../listening.md")},
		"send":     {link("Sending", "../sending.md"), link("Scenarios", "../scenarios.md"), link("CI", "../ci.md")},
		"events":   {link("Events", "../events.md")},
		"fixtures": {link("Events", "../events.md"), link("Scenarios", "../scenarios.md")},
		"listen":   {link("Listening", "../listening.md"), link("CI", "../ci.md")},
		"history":  {link("History", "../history.md")},
		"replay":   {link("Replaying", "../replaying.md")},
		"scaffold": {link("The receivers", "../examples")},
		"check":    {link("Checking", "../checking.md"), link("The cases", "../checks/README.md"), link("CI", "../ci.md")},
		"verify":   {link("Verifying", "../verifying.md")},
		"sign":     {link("Signing", "../signing.md")},
		"capture":  {link("Verifying", "../verifying.md")},
		"tunnel":   {link("Tunnels", "../tunnels.md")},
		"register": {link("Registering", "../registering.md")},
		"secret":   {link("Signing", "../signing.md")},
		"config":   {link("Configuration", "../configuration.md")},
	}[verb]
}
