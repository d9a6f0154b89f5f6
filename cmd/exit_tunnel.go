package cmd

import (
	"errors"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/cloudflared"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

// explainTunnel is about the way from a public URL to this machine.
func explainTunnel(err error) (code int, message, hint string) {
	var (
		option  *tunnel.OptionError
		confirm *tunnel.ConfirmError
		missing *exec.NotFoundError
		exited  *exec.ExitError
		noURL   *exec.NoURLError
		slow    *cloudflared.NotReadyError
		service *ngrok.ServiceError
		away    *ngrok.ConnectError
		lost    *tunnel.LostError
	)
	if code, hint := explainSSH(err); code != exitSuccess {
		return code, "", hint
	}
	switch {
	case errors.As(err, &option):
		return exitUsage, "", "pbhook tunnel --help shows what a tunnel takes"
	case errors.Is(err, ngrok.ErrNoToken):
		return exitUsage, "", "set NGROK_AUTHTOKEN, or ngrok-token with pbhook config set; https://dashboard.ngrok.com shows yours"
	case errors.As(err, &service):
		return exitUnreachable, "", "https://ngrok.com/docs/errors explains the code"
	case errors.As(err, &away):
		return exitUnreachable, "", "check that this machine reaches ngrok; ssh and cloudflared are other ways"
	case errors.As(err, &missing):
		return exitUsage, "", "install the program, or choose another way with --tunnel"
	case errors.As(err, &exited), errors.As(err, &noURL), errors.As(err, &slow):
		return exitUnreachable, "", "what the program said is above; --public-url names the URL where it prints none"
	case errors.As(err, &confirm):
		return exitUnreachable, "", "does the URL lead to this tunnel, and does nothing on the way ask for a login? --no-probe goes on without the proof"
	case errors.As(err, &lost):
		return exitUnreachable, "", "check the network of this machine and the far end; start again when both are back"
	}
	return exitSuccess, "", ""
}

func explainSSH(err error) (code int, hint string) {
	var (
		unknown *ssh.UnknownHostError
		changed *ssh.HostKeyError
		refused *ssh.AuthError
		locked  *ssh.LockedKeyError
		connect *ssh.ConnectError
		forward *ssh.ForwardError
		noURL   *ssh.NoURLError
	)
	switch {
	case errors.As(err, &changed):
		return exitFailure, "the server was set up anew, or somebody stands between; correct the known hosts file only if you know which"
	case errors.As(err, &unknown):
		return exitFailure, "compare it with what the server's owner publishes, and pass it with --host-key, or connect once with ssh"
	case errors.As(err, &refused):
		return exitFailure, "name the user in ssh://USER@HOST and a key that the server knows with --identity"
	case errors.As(err, &locked):
		return exitFailure, "add the key to your agent with ssh-add, or run this at a terminal"
	case errors.As(err, &connect):
		return exitUnreachable, "check the host and the port of --tunnel, and that this machine reaches it"
	case errors.As(err, &forward):
		return exitUnreachable, "is the remote port free, and does the server allow forwarding? --remote asks for another one"
	case errors.As(err, &noURL):
		return exitUsage, "say with --public-url where the server takes requests"
	}
	return exitSuccess, ""
}
