package front_test

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// However a client hangs up, the work for it ends: behind its first request, and behind others on the
// same connection.
func TestAClientThatHangsUpInAnyWayIsNoticed(t *testing.T) {
	t.Parallel()
	begun, gone := make(chan bool, 1), make(chan bool, 1)
	s := newSite()
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/slow" {
			s.serveHTTP(w, r)
			return
		}
		begun <- true
		<-r.Context().Done()
		gone <- true
	})
	address := s.listen(t)
	for what, hangUp := range map[string]func(c *net.TCPConn) error{
		"FIN":        (*net.TCPConn).Close,
		"half of it": (*net.TCPConn).CloseWrite,
		"RST": func(c *net.TCPConn) error {
			if err := c.SetLinger(0); err != nil {
				return err
			}
			return c.Close()
		},
	} {
		for _, before := range []int{0, 1, 3} {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			for range before {
				if _, err := io.WriteString(c, "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
					t.Fatal(err)
				}
				if _, err := c.Read(make([]byte, 64<<10)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			<-begun
			if err := hangUp(c.(*net.TCPConn)); err != nil {
				t.Fatal(err)
			}
			select {
			case <-gone:
			case <-time.After(10 * time.Second):
				t.Fatalf("%s behind %d requests: the work goes on", what, before)
			}
			_ = c.Close()
		}
	}
}
