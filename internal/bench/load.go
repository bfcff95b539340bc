package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// request is a call, ready to be sent, with what must come back.
type request struct {
	raw    []byte
	status int
	length int // bytes of the body; anyLength where it may differ
}

const anyLength = -1

// get is the request for an address with some headers, name and value in turn. It wants 200.
func get(target string, headers ...string) request {
	return request{raw: head("GET", target, headers...), status: http.StatusOK, length: anyLength}
}

// post is the request that sends JSON with a credential. It wants the status.
func post(target, token string, status int, body []byte) request {
	raw := head(
		"POST",
		target,
		"Authorization",
		"Bearer "+token,
		"Content-Type",
		"application/json",
		"Content-Length",
		strconv.Itoa(len(body)),
	)
	return request{raw: append(raw, body...), status: status, length: anyLength}
}

func head(method, target string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, target)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// String is the first line of the request.
func (r *request) String() string {
	line, _, _ := bytes.Cut(r.raw, []byte("\r\n"))
	return string(line)
}

// caller is a keep-alive connection. It reads of an answer no more than must be known, so that
// asking costs little beside answering; what it costs is the same for every server.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
}

func call(addr string) (*caller, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &caller{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// ask sends a request, reads its answer away, and says how many bytes its body had.
func (c *caller) ask(r *request) (int, error) {
	if _, err := c.conn.Write(r.raw); err != nil {
		return 0, err
	}
	status, length, err := c.head()
	if err != nil {
		return 0, err
	}
	if status != r.status {
		said, _ := c.in.Peek(min(c.in.Buffered(), 300))
		return 0, fmt.Errorf("%s: status %d, want %d: %s", r, status, r.status, said)
	}
	switch {
	case status == http.StatusNotModified || status == http.StatusNoContent:
		length = 0
	case length == anyLength:
		length, err = c.chunks()
	default:
		_, err = c.in.Discard(length)
	}
	if err == nil && r.length != anyLength && r.length != length {
		err = fmt.Errorf("%s: %d bytes, want %d", r, length, r.length)
	}
	return length, err
}

var (
	lengthName = []byte("content-length:")
	errHead    = errors.New("the answer is not HTTP/1.1 as it is known here")
)

// head reads an answer up to its body. The length is anyLength where the body comes in chunks.
func (c *caller) head() (status, length int, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < 13 {
		return 0, 0, errHead
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, errHead
	}
	for length = anyLength; ; {
		if line, err = c.in.ReadSlice('\n'); err != nil || len(line) == 2 {
			return status, length, err
		}
		if len(line) > len(lengthName) && bytes.EqualFold(line[:len(lengthName)], lengthName) {
			value := bytes.TrimSpace(line[len(lengthName):])
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, 0, errHead
			}
		}
	}
}

// chunks reads a body that comes in chunks and answers how many bytes it has.
func (c *caller) chunks() (int, error) {
	for sum := 0; ; {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return 0, errHead
		}
		if _, err := c.in.Discard(int(size) + 2); err != nil {
			return 0, err
		}
		if sum += int(size); size == 0 {
			return sum, nil
		}
	}
}

// side is one of two things that are held against each other: a server and what it is asked.
type side struct {
	server   *server
	callers  int
	requests []request
	next     func() request // instead of requests: what is never asked twice
	beside   func() error   // is done over and over meanwhile
}

// lap is what came of asking for a while.
type lap struct {
	answers int
	took    time.Duration
	cpu     time.Duration   // of the server
	waits   []time.Duration // for each answer
}

func (l *lap) rate() float64 { return float64(l.answers) / l.took.Seconds() }

// each is the server's processor time for an answer.
func (l *lap) each() time.Duration { return l.cpu / time.Duration(max(l.answers, 1)) }

// slowest is how long all answers but a share took at most.
func (l *lap) slowest(share float64) time.Duration {
	slices.Sort(l.waits)
	return l.waits[int(float64(len(l.waits)-1)*(1-share))]
}

// run lets all callers ask for a while. The callers begin at different places of the list.
func (s *side) run(length time.Duration) (*lap, error) {
	callers := make([]*caller, s.callers)
	for i := range callers {
		c, err := call(s.server.addr)
		if err != nil {
			return nil, err
		}
		defer c.conn.Close()
		callers[i] = c
	}
	waits, errs := make([][]time.Duration, s.callers), make([]error, s.callers+1)
	var all, aside sync.WaitGroup
	before, start := s.server.cpu(), time.Now()
	end := start.Add(length)
	if s.beside != nil {
		aside.Go(func() { errs[s.callers] = every(time.Second, end, s.beside) })
	}
	for i, c := range callers {
		all.Go(func() { waits[i], errs[i] = s.keepAsking(c, i, end) })
	}
	all.Wait()
	l := &lap{took: time.Since(start), cpu: s.server.cpu() - before, waits: slices.Concat(waits...)}
	aside.Wait()
	l.answers = len(l.waits)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (s *side) keepAsking(c *caller, which int, end time.Time) ([]time.Duration, error) {
	var waits []time.Duration
	next := len(s.requests) * which / s.callers
	for last := time.Now(); last.Before(end); {
		r := s.request(&next)
		asked := time.Now()
		if _, err := c.ask(r); err != nil {
			return nil, err
		}
		last = time.Now()
		waits = append(waits, last.Sub(asked))
	}
	return waits, nil
}

// request returns the next request of a caller, who is at a place of the list.
func (s *side) request(next *int) *request {
	if s.next != nil {
		made := s.next()
		return &made
	}
	*next++
	return &s.requests[(*next-1)%len(s.requests)]
}

// every does something at once and again after each pause until the end.
func every(pause time.Duration, end time.Time, do func() error) error {
	for at := time.Now(); at.Before(end); at = at.Add(pause) {
		time.Sleep(time.Until(at))
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// learn asks everything once and notes how long each answer is, so that from then on another length
// is an error.
func (s *side) learn() error {
	c, err := call(s.server.addr)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	for i := range s.requests {
		if s.requests[i].length, err = c.ask(&s.requests[i]); err != nil {
			return err
		}
	}
	return nil
}
