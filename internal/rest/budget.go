package rest

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/semaphore"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Limits of the memory of large responses that are being made.
const (
	maxReserved = 256 << 20 // bytes
	maxWaiting  = 16        // calls that wait for some of it
	reserveTime = time.Second
)

// budget bounds the memory of large responses that are being made at the same time.
type budget struct {
	free    *semaphore.Weighted
	waiting atomic.Int64
}

func newBudget() *budget { return &budget{free: semaphore.NewWeighted(maxReserved)} }

// take reserves bytes. If they are not free soon, it returns an Unavailable error.
func (b *budget) take(ctx context.Context, bytes int64) error {
	if b.free.TryAcquire(bytes) {
		return nil
	}
	defer b.waiting.Add(-1)
	if b.waiting.Add(1) <= maxWaiting {
		ctx, cancel := context.WithTimeout(ctx, reserveTime)
		defer cancel()
		if b.free.Acquire(ctx, bytes) == nil {
			return nil
		}
	}
	return &cms.Error{
		Code:       cms.Unavailable,
		Detail:     "The server is making many large responses; ask for less, or again later.",
		RetryAfter: reserveTime,
	}
}

const reservedKey = "reserved"

// Reserve must be called once by a read whose response may be large, before it reads the rows, with
// about how many bytes it will need. It waits for them for a moment, and returns an Unavailable
// error if there are none. They are given back when the handler has returned.
func (s *Server) Reserve(c echo.Context, bytes int64) error {
	err := s.budget.take(c.Request().Context(), bytes)
	if err == nil {
		c.Set(reservedKey, bytes)
	}
	return err
}

// releasing gives back what a handler has reserved.
func (s *Server) releasing(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		defer func() {
			if bytes, ok := c.Get(reservedKey).(int64); ok {
				s.budget.free.Release(bytes)
				c.Set(reservedKey, nil)
			}
		}()
		return next(c)
	}
}
