// Package exec opens tunnels by way of another program, such as bore, zrok or one's own script: whatever takes a local port
// and prints the URL.
//
//	command, err := exec.ParseCommand("bore local {port} --to bore.example", os.Getenv)
//	…
//	session, err := exec.Provider{Command: command}.Open(ctx, tunnel.Options{})
//
// The program runs without a shell, in a process group of its own. It is started anew when it ends, and ended with the
// session: on Unix its whole group, asked first and killed after five seconds; on Linux the kernel kills it too when this
// process is killed.
package exec
