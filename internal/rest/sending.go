package rest

import (
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// A client that reads slowly holds what it is sent in memory, for up to a minute. So the bodies
// that are being sent are bounded: all together, and those of one client to a quarter of that.
const (
	maxSending = 256 << 20 // bytes
	largeBody  = 64 << 10  // smaller ones are not counted: connections take as much
)

// sending counts the bytes of the large bodies that are being sent. A body that is sent several
// times is in memory once.
type sending struct {
	most int

	mu    sync.Mutex
	users map[sentBody]int // how often each is being sent
	bytes map[string]int   // of the bodies of each client
}

// sentBody is a body that a client is sent. The client "" stands for all.
type sentBody struct {
	client string
	first  *byte
}

func newSending() *sending {
	return &sending{most: maxSending, users: map[sentBody]int{}, bytes: map[string]int{}}
}

// begin counts a body; end must be called when it has been sent. If there is no room for it, begin
// returns an Unavailable error.
func (s *sending) begin(client string, body []byte) (end func(), err error) {
	if len(body) < largeBody {
		return func() {}, nil
	}
	all, own := sentBody{"", &body[0]}, sentBody{client, &body[0]}
	s.mu.Lock()
	defer s.mu.Unlock()
	if (s.users[all] == 0 && s.bytes[""]+len(body) > s.most) ||
		(s.users[own] == 0 && s.bytes[client]+len(body) > s.most/4) {
		return nil, &cms.Error{
			Code: cms.Unavailable,
			Detail: "Too much of what was asked for before is still being read; " +
				"read it to its end, or ask again later.",
			RetryAfter: time.Second,
		}
	}
	for _, b := range []sentBody{all, own} {
		if s.users[b]++; s.users[b] == 1 {
			s.bytes[b.client] += len(body)
		}
	}
	return func() { s.end(all, own, len(body)) }, nil
}

func (s *sending) end(all, own sentBody, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range []sentBody{all, own} {
		if s.users[b]--; s.users[b] > 0 {
			continue
		}
		delete(s.users, b)
		if s.bytes[b.client] -= size; s.bytes[b.client] == 0 {
			delete(s.bytes, b.client)
		}
	}
}

// counted sends a body by send, if there is room for it until it is sent.
func (s *Server) counted(c echo.Context, body []byte, send func() error) error {
	end, err := s.sending.begin(c.RealIP(), body)
	if err != nil {
		return err
	}
	defer end()
	return send()
}
