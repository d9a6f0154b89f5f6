package receiver

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
)

// firstRead is how much is set aside on a sender's word for the length of its body; the rest has to arrive first.
const firstRead = 64 << 10

// readBody reads a body as it was sent, and nothing of one that is over limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if length := r.ContentLength; length > 0 && length <= min(limit, firstRead) {
		body := make([]byte, length) // net/http gives no more than was announced, so there is nothing to bound
		_, err := io.ReadFull(r.Body, body)
		if err != nil {
			return nil, err
		}
		return body, nil
	}
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), firstRead)) + bytes.MinRead)
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, limit)); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// bodyStatus says how to answer a request whose body couldn't be read.
func bodyStatus(err error) (int, string) {
	var tooLarge *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, "body too large"
	case errors.As(err, &network) && network.Timeout():
		return http.StatusRequestTimeout, "body took too long to arrive"
	default:
		return http.StatusBadRequest, "body broke off"
	}
}
