package view

import (
	"fmt"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// Tunnel is how a tunnel is.
type Tunnel struct {
	Status    tunnel.Status
	LastEvent time.Time // zero before the first
	Now       time.Time
}

// Tunnel shows that a tunnel was lost, is being restored, or is back.
func (v *View) Tunnel(t Tunnel) {
	s := t.Status
	if v.JSON {
		row := struct {
			Kind      string    `json:"kind"`
			Time      time.Time `json:"time"`
			State     string    `json:"state"`
			URL       string    `json:"url,omitempty"`
			Attempt   int       `json:"attempt,omitempty"`
			Error     string    `json:"error,omitempty"`
			LastEvent time.Time `json:"lastEvent,omitzero"`
		}{"tunnel", s.At, string(s.State), s.URL, s.Attempt, "", t.LastEvent}
		if s.Err != nil {
			row.Error = hideSecrets(s.Err.Error())
		}
		_ = emit(v.Err, row)
		return
	}
	at := v.Err.Dim(s.At.Local().Format(clock))
	switch s.State {
	case tunnel.StateReady:
		fmt.Fprintf(v.Err, "%s  %s %s  %s\n", at, v.Err.Good("tunnel is back:"), ui.SanitizeLine(s.URL, shownAnswer), v.lastEvent(t))
	case tunnel.StateReconnecting:
		fmt.Fprintf(v.Err, "%s  %s  %s  %s\n", at, v.Err.Warn(fmt.Sprintf("reconnecting (%d)", s.Attempt)), v.lastEvent(t), reason(s.Err))
	case tunnel.StateDown:
		if s.Err != nil {
			fmt.Fprintf(v.Err, "%s  %s  %s\n", at, v.Err.Bad("tunnel is down"), v.lastEvent(t))
		}
	case tunnel.StateConnecting:
	}
}

func (v *View) lastEvent(t Tunnel) string {
	if t.LastEvent.IsZero() {
		return v.Err.Dim("no event yet")
	}
	return v.Err.Dim("last event " + agoOf(t.LastEvent, t.Now))
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return hideSecrets(ui.SanitizeLine(err.Error(), shownAnswer))
}
