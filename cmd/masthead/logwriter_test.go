package main

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// brokenPipe is a log that can stall and fail.
type brokenPipe struct {
	mu      sync.Mutex
	stalled chan struct{} // nil: it does not stall
	err     error
	text    strings.Builder
}

func (p *brokenPipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stalled != nil {
		<-p.stalled
	}
	if p.err != nil {
		return 0, p.err
	}
	return p.text.Write(b)
}

func (p *brokenPipe) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

func (p *brokenPipe) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// waitUntil waits for a condition that another goroutine brings about.
func waitUntil(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within ten seconds", what)
		}
	}
}

func write(t *testing.T, w *logWriter, line string) {
	t.Helper()
	if n, err := w.Write([]byte(line)); n != len(line) || err != nil {
		t.Errorf("writing a line: %d, %v", n, err)
	}
}

func TestALogThatFailsLosesLinesAndResumes(t *testing.T) {
	t.Parallel()
	pipe := &brokenPipe{err: errors.New("no space left on device")}
	w := newLogWriter(pipe)
	defer w.Close()
	write(t, w, "one\n")
	write(t, w, "two\n")
	waitUntil(t, "two lines are lost", func() bool { return w.Dropped() == 2 })
	pipe.fail(nil)
	write(t, w, "three\n")
	waitUntil(t, "the next is written", func() bool { return pipe.String() == "three\n" })
	if w.Dropped() != 2 {
		t.Errorf("%d lines are lost, want 2", w.Dropped())
	}
}

func TestALogThatStallsStopsNobody(t *testing.T) {
	t.Parallel()
	pipe := &brokenPipe{stalled: make(chan struct{})}
	w := newLogWriter(pipe)
	line := strings.Repeat("x", 1023) + "\n"
	begun := time.Now()
	for range 10 * maxLogBuffer / len(line) {
		write(t, w, line)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("writing to a log that stalls took %v", took)
	}
	if w.Dropped() == 0 {
		t.Error("no line is counted as lost")
	}
	begun = time.Now()
	w.Close()
	if took := time.Since(begun); took > 5*closeWait {
		t.Errorf("closing it took %v", took)
	}
	close(pipe.stalled)
}

func TestClosingWritesWhatIsLeft(t *testing.T) {
	t.Parallel()
	pipe := &brokenPipe{}
	w := newLogWriter(pipe)
	write(t, w, "one\n")
	w.Close()
	if pipe.String() != "one\n" {
		t.Errorf("written is %q", pipe.String())
	}
}
