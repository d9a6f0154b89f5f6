// Package ngrok opens tunnels through ngrok, with its library and without its program. It takes an account.
//
//	token, err := ngrok.NewToken(os.Getenv("NGROK_AUTHTOKEN"))
//	…
//	session, err := ngrok.Provider{Token: token, Domain: "hooks.ngrok.app"}.Open(ctx, tunnel.Options{})
//
// The library connects again by itself, for ever and whatever ngrok says. Here a refusal of ngrok's own, which has a code
// such as ERR_NGROK_105, ends the connection, and so does a connection that has been away for a minute.
package ngrok
