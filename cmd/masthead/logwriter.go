package main

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

const (
	flushInterval = 200 * time.Millisecond // how long a line may wait to be written
	flushBytes    = 64 << 10               // that are written without waiting longer
	maxLogBuffer  = 1 << 20                // bytes that wait; lines beyond are dropped
	closeWait     = time.Second            // how long Close waits for a log that stalls
)

// logWriter buffers lines of the log and writes them from a goroutine of its own, so that nothing
// that logs ever waits for the log: a disk that is full, a pipe that stalls or closes loses lines,
// and counts them, but stops no request. Once lines can be written again, they are. The last lines
// are lost if the process is killed.
type logWriter struct {
	to      io.Writer
	mu      sync.Mutex
	buffer  []byte
	lines   int64 // in buffer
	wake    chan struct{}
	done    chan struct{}
	ended   chan struct{}
	dropped atomic.Int64
}

func newLogWriter(to io.Writer) *logWriter {
	w := &logWriter{
		to:    to,
		wake:  make(chan struct{}, 1),
		done:  make(chan struct{}),
		ended: make(chan struct{}),
	}
	go w.run()
	return w
}

// Write buffers a line, or drops it if too many are waiting. It never fails and never waits.
func (w *logWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.buffer)+len(line) > maxLogBuffer {
		w.dropped.Add(1)
		return len(line), nil
	}
	w.buffer = append(w.buffer, line...)
	w.lines++
	if len(w.buffer) >= flushBytes {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
	return len(line), nil
}

// Dropped returns how many lines were lost so far.
func (w *logWriter) Dropped() int64 { return w.dropped.Load() }

func (w *logWriter) run() {
	defer close(w.ended)
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	for {
		select {
		case <-w.done:
			w.flush()
			return
		case <-ticker.C:
		case <-w.wake:
		}
		w.flush()
	}
}

// flush writes what is buffered. Lines that cannot be written are dropped.
func (w *logWriter) flush() {
	w.mu.Lock()
	buffer, lines := w.buffer, w.lines
	w.buffer = nil
	w.lines = 0
	w.mu.Unlock()
	if len(buffer) == 0 {
		return
	}
	if _, err := w.to.Write(buffer); err != nil {
		w.dropped.Add(lines)
	}
}

// Close writes what is buffered, but does not wait long for a log that stalls.
func (w *logWriter) Close() {
	close(w.done)
	select {
	case <-w.ended:
	case <-time.After(closeWait):
	}
}
