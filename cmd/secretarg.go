package cmd

import "strings"

const secretFlag = "--secret"

// joinSecret lets --secret stand with or without a value: it rewrites "--secret VALUE" to "--secret=VALUE", where the
// value is the next argument unless that begins with a dash. Arguments after "--" are left as they are.
func joinSecret(args []string) []string {
	joined := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(joined, args[i:]...)
		}
		if arg == secretFlag && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			i++
			arg += "=" + args[i]
		}
		joined = append(joined, arg)
	}
	return joined
}
