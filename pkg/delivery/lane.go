package delivery

import (
	"context"
	"net/http"
)

// lane carries the requests of one worker of a load run, one after another.
type lane interface {
	exchange(ctx context.Context, s sealed) (status int, err error)
	close()
}

// openLane chooses the leanest way to the endpoint. Plain HTTP that no proxy carries goes over a connection of the lane's
// own until ctx ends; all else goes through the transport. So does a plan that would leave each lane idle for longer than a
// second, for only the transport watches idle connections.
func (c *Client) openLane(ctx context.Context, p Plan) lane {
	transport, own := c.transport.(*http.Transport)
	if !own || c.endpoint.secure() || transport.DialContext == nil || c.proxied(transport) {
		return shared{c}
	}
	if p.Rate > 0 && p.Rate < float64(p.workers()) {
		return shared{c}
	}
	return openWire(ctx, c, transport.DialContext)
}

func (c *Client) proxied(transport *http.Transport) bool {
	if transport.Proxy == nil {
		return false
	}
	proxy, err := transport.Proxy(&http.Request{Method: http.MethodPost, URL: c.endpoint.url})
	return err != nil || proxy != nil
}

// shared is the lane through the client's transport.
type shared struct{ client *Client }

func (s shared) exchange(ctx context.Context, m sealed) (int, error) {
	answer, err := s.client.exchange(ctx, m, 0)
	return answer.status, err
}

func (shared) close() {}
