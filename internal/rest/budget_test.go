package rest

import (
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
)

func TestWhatIsReservedIsBoundedAndComesBack(t *testing.T) {
	t.Parallel()
	b := newBudget()
	if err := b.take(t.Context(), maxReserved); err != nil {
		t.Fatal(err)
	}
	b.waiting.Add(maxWaiting) // nobody may wait any more
	err := b.take(t.Context(), 1)
	refusal, ok := err.(*cms.Error)
	if !ok || refusal.Code != cms.Unavailable || refusal.RetryAfter == 0 {
		t.Errorf("got %v", err)
	}
	b.waiting.Add(-maxWaiting)
	soon := make(chan error)
	go func() { soon <- b.take(t.Context(), 1) }()
	b.free.Release(maxReserved)
	if err := <-soon; err != nil {
		t.Error(err)
	}
	if n := b.waiting.Load(); n != 0 {
		t.Errorf("%d wait", n)
	}
}
