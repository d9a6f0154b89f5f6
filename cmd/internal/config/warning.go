package config

// WarningCode names one kind of [Warning]. The values are stable, for output that programs read.
type WarningCode string

// What is accepted although it should not stay so.
const (
	WarnReadable WarningCode = "config-readable" // a file that holds a secret can be read by others
	WarnOfUser   WarningCode = "config-of-user"  // settings that are the user's own were not taken from .pbhook.yaml
	WarnWithheld WarningCode = "config-withheld" // credentials were not taken along to a target of .pbhook.yaml
)

// Warning is something about a file that works but deserves a look.
type Warning struct {
	Code WarningCode
	Path string
	Keys string // of WarnOfUser: which settings, such as "history and keep"
}

// String gives the warning as a sentence without a full stop.
func (w Warning) String() string {
	switch w.Code {
	case WarnReadable:
		return w.Path + " holds a secret and can be read by others; chmod 600 it"
	case WarnOfUser:
		return "what " + w.Path + " says of " + w.Keys + " is not used, because a project has no say in it; set it in your own file"
	case WarnWithheld:
		return "secrets and headers of the user's configuration are not used, because " + w.Path +
			" names a target beyond this machine; choose a profile with --profile to use them there"
	default:
		return w.Path + ": " + string(w.Code)
	}
}
