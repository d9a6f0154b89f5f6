// Package ssh opens tunnels through an SSH server that forwards ports: one's own sshd, sish, or a service such as
// localhost.run.
//
//	destination, err := ssh.ParseDestination("ssh://nokey@localhost.run")
//	…
//	session, err := ssh.Provider{Destination: destination, KnownHosts: files}.Open(ctx, tunnel.Options{})
//
// It asks the server to listen (RFC 4254, section 7.1) as ssh -R does, and serves what comes in without a local port.
// Unlike ssh -R it takes connections of servers that call their senders by name or give no port.
//
// A server is who its host key says: one in a known hosts file, one with a fingerprint that was given, or one that the
// user trusts when asked. A key that has changed is never accepted, and there is no way to skip the check.
package ssh
