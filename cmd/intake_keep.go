package cmd

import (
	"context"
	"errors"
	"net/http"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// keep puts a request into the history, with its answer where that is known already. What cannot be kept is not
// acknowledged: the sender is asked to come again.
func (i *intake) keep(got *view.Reception, answered bool) bool {
	record := history.Record{
		Capture: got.Request, EventID: got.Event.ID, EventType: string(got.Event.Type), Signature: signatureOf(got.Receipt),
		Duplicate: got.Duplicate, Drift: driftOf(got.Violations, got.Unknown), Source: history.SourceListen,
	}
	if got.Tunnelled {
		record.Source = history.SourceTunnel
	}
	if answered {
		record.Answer = *answerOf(got.Receipt)
	}
	id, err := i.store.Add(i.life, record)
	i.desk.kept(err)
	if err != nil {
		if !answered || got.Status < http.StatusBadRequest {
			got.Postpone("the event cannot be kept now")
		}
		return false
	}
	got.RecordID = id
	return true
}

// update adds what came of a request that is kept, also while the run is being ended.
func (i *intake) update(got *view.Reception, change history.Change) {
	i.desk.kept(i.store.Update(context.WithoutCancel(i.life), got.RecordID, change))
}

func signatureOf(r receiver.Receipt) history.Signature {
	switch {
	case !r.Judged:
		return history.SignatureUnread
	case r.Verified:
		return history.SignatureValid
	case r.VerifyErr == nil:
		return history.SignatureUnverified
	case errors.Is(r.VerifyErr, signature.ErrMissingHeader):
		return history.SignatureMissing
	case r.Verdict.SignatureValid:
		return history.SignatureStale
	default:
		return history.SignatureInvalid
	}
}

func answerOf(r receiver.Receipt) *history.Answer {
	return &history.Answer{Status: r.Status, Header: r.Header, Body: r.Answer, Duration: r.Duration}
}

func forwardOf(a forward.Answer) history.Forward {
	kept := history.Forward{Target: a.Target, Status: a.Status, Duration: a.Duration, Attempt: a.Attempts}
	if a.Err != nil {
		kept.Error = a.Err.Error()
	}
	return kept
}
