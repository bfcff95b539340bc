package media

import (
	"context"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/semaphore"
)

// maxGarbage is how many bytes that pictures took may wait to be collected.
const maxGarbage = 32 << 20

// gate bounds the memory that all pictures in work take together, and how many are in work.
// Pictures that are received wait for each other before they ask for memory, so that one that
// a reader waits for is never behind a long queue of them.
type gate struct {
	total    int64
	memory   *semaphore.Weighted
	receives *semaphore.Weighted
	renders  *semaphore.Weighted

	mu      sync.Mutex
	garbage int64 // bytes that pictures took since memory was last given back
}

func newGate(memory int64, workers int) *gate {
	return &gate{
		total:    memory,
		memory:   semaphore.NewWeighted(memory),
		receives: semaphore.NewWeighted(int64(workers)),
		renders:  semaphore.NewWeighted(int64(workers)),
	}
}

// take waits until so many bytes of memory may be used. Who takes them must have a turn of receives
// or renders. The function that it returns must be called when the memory is not used any more.
func (g *gate) take(ctx context.Context, bytes int64) (release func(), err error) {
	if bytes > g.total {
		return nil, refuse(TooLarge, "The picture would take %s of memory to open, and %s are "+
			"allowed. Save it as a baseline JPEG, which is one that is not progressive, as a PNG "+
			"with 8 bits, or with fewer pixels.",
			megabytes(bytes), megabytes(g.total))
	}
	if err := g.memory.Acquire(ctx, bytes); err != nil {
		return nil, err
	}
	return func() {
		g.collect(bytes)
		g.memory.Release(bytes)
	}, nil
}

// collect gives memory back to the system when pictures have taken much since it last did so. It
// does before the memory counts as free, so that no picture that waits takes it twice.
func (g *gate) collect(bytes int64) {
	g.mu.Lock()
	g.garbage += bytes
	due := g.garbage >= maxGarbage
	if due {
		g.garbage = 0
	}
	g.mu.Unlock()
	if due {
		debug.FreeOSMemory()
	}
}
