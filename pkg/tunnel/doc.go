// Package tunnel gives a server on this machine a public URL. What comes in there is served to an [http.Handler] of this
// process, and its answer goes back to the sender.
//
//	session, err := ssh.Provider{Destination: destination}.Open(ctx, tunnel.Options{})
//	if err != nil {
//		return err
//	}
//	door := tunnel.NewDoor(handler, tunnel.DoorOptions{Path: "/webhooks/pocketbook"})
//	go func() {
//		for status := range session.Status() {
//			log.Println(status.State, status.URL)
//		}
//	}()
//	return session.Serve(ctx, door)
//
// Providers are in the packages beneath this one: ssh, ngrok, cloudflared and exec. None of them keeps what arrives while
// this machine is away; then the sender's own retries are all there is. A provider makes a [Link] and leaves to
// [NewSession] what is the same for all: noticing that the link is dead, making another one, and telling of it.
//
// A public URL is a public door: a [Door] before the handler lets through only what may be a webhook.
package tunnel
