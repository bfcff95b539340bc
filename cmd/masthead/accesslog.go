package main

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// accessPause is how long lines about calls may wait to be written.
const accessPause = 200 * time.Millisecond

// accessWriter collects lines, so that not every call waits for a write. Whole lines are written at a time. Lines of the last
// moment are lost if the process is killed.
type accessWriter struct {
	mu      sync.Mutex
	waiting *bufio.Writer
	done    chan struct{}
	ended   sync.WaitGroup
}

func newAccessWriter(to io.Writer) *accessWriter {
	w := &accessWriter{waiting: bufio.NewWriterSize(to, 64<<10), done: make(chan struct{})}
	w.ended.Go(w.run)
	return w
}

// Write takes a line.
func (w *accessWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(line) > w.waiting.Available() {
		_ = w.waiting.Flush() // what cannot be written is told with the next write
	}
	return w.waiting.Write(line)
}

func (w *accessWriter) run() {
	ticker := time.NewTicker(accessPause)
	defer ticker.Stop()
	for {
		select {
		case <-w.done:
			return
		case <-ticker.C:
			_ = w.flush() // said again by Close, for a bufio.Writer keeps its error
		}
	}
}

func (w *accessWriter) flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.waiting.Flush()
}

// Close writes what is left.
func (w *accessWriter) Close() error {
	close(w.done)
	w.ended.Wait()
	return w.flush()
}
