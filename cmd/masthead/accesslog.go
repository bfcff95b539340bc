package main

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// flushInterval is how long a line may wait to be written.
const flushInterval = 200 * time.Millisecond

// batchWriter buffers lines, so that not every request waits for a write. It writes whole lines.
// The last lines are lost if the process is killed.
type batchWriter struct {
	mu     sync.Mutex
	buffer *bufio.Writer
	done   chan struct{}
	ended  sync.WaitGroup
}

func newBatchWriter(to io.Writer) *batchWriter {
	w := &batchWriter{buffer: bufio.NewWriterSize(to, 64<<10), done: make(chan struct{})}
	w.ended.Go(w.run)
	return w
}

// Write buffers a line.
func (w *batchWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(line) > w.buffer.Available() {
		_ = w.buffer.Flush() // the next write returns its error
	}
	return w.buffer.Write(line)
}

func (w *batchWriter) run() {
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	for {
		select {
		case <-w.done:
			return
		case <-ticker.C:
			_ = w.flush() // Close returns it too: a bufio.Writer keeps its error
		}
	}
}

func (w *batchWriter) flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buffer.Flush()
}

// Close writes what is buffered.
func (w *batchWriter) Close() error {
	close(w.done)
	w.ended.Wait()
	return w.flush()
}
