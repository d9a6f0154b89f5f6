package view

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Signature shows the value of a signature header; as text it is the bare value, for use in scripts.
func (v *View) Signature(header string) error {
	if v.JSON {
		return emit(v.Out, struct {
			Kind   string `json:"kind"`
			Header string `json:"header"`
			Value  string `json:"value"`
		}{"signature", signature.HeaderName, header})
	}
	_, err := fmt.Fprintln(v.Out, header)
	return err
}

// Secret shows a secret whole. It is for verbs that were asked for nothing else: one that makes a secret, and --print-secret.
func (v *View) Secret(secret signature.Secret) error {
	if v.JSON {
		return emit(v.Out, struct {
			Kind   string `json:"kind"`
			Secret string `json:"secret"`
		}{"secret", secret.Reveal()})
	}
	_, err := fmt.Fprintln(v.Out, secret.Reveal())
	return err
}
