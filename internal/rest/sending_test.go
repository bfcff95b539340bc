package rest

import (
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
)

func TestWhatSlowReadersHoldIsBounded(t *testing.T) {
	t.Parallel()
	s := newSending()
	s.most = 8 * largeBody // two bodies for each client
	begin := func(client string, body []byte, taken bool) func() {
		t.Helper()
		end, err := s.begin(client, body)
		if refusal, ok := err.(*cms.Error); taken != (err == nil) ||
			!taken && (!ok || refusal.Code != cms.Unavailable || refusal.RetryAfter == 0) {
			t.Fatalf("a body for %s: %v", client, err)
		}
		return end
	}
	body := func() []byte { return make([]byte, largeBody) }
	shared := body()
	ends := []func(){begin("a", shared, true), begin("a", body(), true)}
	begin("a", body(), false)
	begin("a", make([]byte, largeBody-1), true)()
	ends = append(ends, begin("a", shared, true)) // it is in memory already
	for _, client := range []string{"b", "c", "d"} {
		ends = append(ends, begin(client, body(), true), begin(client, body(), true))
	}
	begin("e", body(), false)
	ends = append(ends, begin("e", shared, true))
	ends[0]()
	begin("a", body(), false) // the same body is still being sent to it
	for _, end := range ends[1:] {
		end()
	}
	if len(s.users) != 0 || len(s.bytes) != 0 {
		t.Errorf("when all is sent, %v and %v are counted", s.users, s.bytes)
	}
}
